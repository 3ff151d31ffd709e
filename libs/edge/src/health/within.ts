/** What `ask` answers, or null when it fails or takes longer than so many ms: one store that is away says nothing about the others. */
export const within = async <T>(ms: number, ask: () => Promise<T>): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  try {
    return await Promise.race([ask(), late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
};
