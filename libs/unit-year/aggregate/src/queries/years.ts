import type { QueryPorts } from '@qiyue/aggregate';
import type { UnitYearView } from '@qiyue/unit-year-views';
import { conditionsOn } from '../unit-year.listing';
import { unitYearsModel } from '../unit-years-model';

/** A county has some hundred departments: this is far more than ten of its years. */
const ROWS_MAX = 10_000;

type Common = 'unit' | 'year' | 'stage';

/** The newest years first, units in the order of their names; of each only what is asked for. */
export const yearsOf = async <F extends keyof UnitYearView>(
  which: Parameters<typeof conditionsOn>[0],
  { model }: Pick<QueryPorts, 'model'>,
  fields: readonly F[],
): Promise<readonly Pick<UnitYearView, Common | F>[]> => {
  const conditions = conditionsOn(which);
  const shown = Object.fromEntries((['unit', 'year', 'stage', ...fields] as const).map((name) => [`view.${name}`, 1]));
  const found = await (
    await model(unitYearsModel).collection()
  )
    .find((conditions.length === 0 ? {} : { $and: conditions }) as object)
    .project<{ readonly view: Pick<UnitYearView, Common | F> }>(shown)
    .sort({ 'view.year': -1, 'view.unit': 1 })
    .limit(ROWS_MAX)
    .toArray();
  return found.map(({ view }) => view);
};
