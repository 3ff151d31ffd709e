import { PartitionGone } from '@qiyue/platform';

/** Nothing came of a handler for too long. It may still be at work; it is told so with its next sign of life. */
export class HandlerHangs extends Error {
  override readonly name = 'HandlerHangs';
}

/** Runs work that gives signs of life through its `alive`; rejects with `HandlerHangs` once none has come for `hangsAfterMs`. */
export const underWatch = async (
  work: (alive: () => Promise<void>) => Promise<void>,
  alive: () => Promise<void>,
  hangsAfterMs: number,
): Promise<void> => {
  let isGivenUp = false;
  let timer: NodeJS.Timeout | undefined;
  let giveUp: (error: Error) => void = () => undefined;
  const hangs = new Promise<never>((_, reject) => (giveUp = reject));
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => giveUp(new HandlerHangs()), hangsAfterMs);
  };
  const signOfLife = async (): Promise<void> => {
    if (isGivenUp) throw new PartitionGone();
    watch();
    await alive();
  };
  watch();
  try {
    await Promise.race([work(signOfLife), hangs]);
  } finally {
    isGivenUp = true;
    clearTimeout(timer);
  }
};
