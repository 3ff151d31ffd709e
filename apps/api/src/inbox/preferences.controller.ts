import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { PreferenceStore } from '@qiyue/edge';
import type { Actor } from '@qiyue/engine';
import { noticeTypesOf, type AnyAggregate } from '@qiyue/aggregate';
import { canBeOff, OUTWARD_CHANNELS, type AnyChannel, type Preferences, type SwitchedOff } from '@qiyue/notices';
import { z } from 'zod';
import { ALL_AGGREGATES } from '../entities/entity-ids';
import { CurrentActor } from '../http/authenticate';
import { readBody } from '../http/permit';
import { Problem } from '../http/problem';

const CHANNELS: readonly AnyChannel[] = ['inbox', ...OUTWARD_CHANNELS];

export const preferencesBodyOf = (types: readonly string[]) =>
  z.strictObject({
    off: z.array(z.strictObject({ type: z.enum(types), channel: z.enum(CHANNELS) })).max(types.length * CHANNELS.length),
    when: z.enum(['office-hours', 'always']).default('office-hours'),
  });

export interface ShownPreferences extends Preferences {
  /** What this actor cannot switch off. */
  readonly cannotBeOff: readonly SwitchedOff[];
}

@Controller('v1/preferences')
export class PreferencesController {
  private readonly types: readonly string[];
  private readonly body: ReturnType<typeof preferencesBodyOf>;

  constructor(
    @Inject(PreferenceStore) private readonly preferences: PreferenceStore,
    @Inject(ALL_AGGREGATES) aggregates: readonly AnyAggregate[],
  ) {
    this.types = noticeTypesOf(aggregates);
    this.body = preferencesBodyOf(this.types);
  }

  @Get()
  async show(@CurrentActor() actor: Actor): Promise<ShownPreferences> {
    return this.shown(await this.preferences.of(actor.id), actor);
  }

  @Put()
  async replace(@Body() body: unknown, @CurrentActor() actor: Actor): Promise<ShownPreferences> {
    const { off, when } = readBody(this.body, body);
    if (off.some((asked) => !canBeOff(asked, mayLead(actor)))) throw Problem.edge('cannot-be-off');
    const preferences = { off, when };
    await this.preferences.replace(actor.id, preferences);
    return this.shown(preferences, actor);
  }

  private shown({ off, when }: Preferences, actor: Actor): ShownPreferences {
    const all = this.types.flatMap((type) => CHANNELS.map((channel) => ({ type, channel })));
    return { off, when, cannotBeOff: all.filter((one) => !canBeOff(one, mayLead(actor))) };
  }
}

/** Of which needs a department will be the lead is not known beforehand. */
const mayLead = ({ role }: Actor): boolean => role === 'department';
