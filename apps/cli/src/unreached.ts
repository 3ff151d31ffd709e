/** Of the drivers of our servers, when nobody answers. */
const OF_DRIVERS = /^(Mongo(ServerSelection|Network|NetworkTimeout)Error|KafkaJS\w+|(Transport|Service|Timeout)Error)$/;

/** One sentence, where the error says that a server does not answer or a file cannot be read; null for every other. */
export const unreachedBy = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (path !== undefined && syscall !== undefined) return `${path} cannot be opened: ${code ?? error.message}`;
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  if (error.message === 'fetch failed') return `the API does not answer: ${whereOf(cause)}`;
  return OF_DRIVERS.test(error.name) ? `no server answers: ${firstLineOf(error.message)}` : null;
};

const whereOf = (cause: (NodeJS.ErrnoException & { readonly address?: string; readonly port?: number }) | undefined): string =>
  [
    cause?.code ?? cause?.message ?? 'no reason is known',
    ...(cause?.address === undefined ? [] : [`at ${cause.address}:${String(cause.port)}`]),
  ].join(' ');

const firstLineOf = (text: string): string => text.split('\n', 1)[0] ?? '';
