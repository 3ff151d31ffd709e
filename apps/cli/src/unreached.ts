import { inWords } from './show/language';

/** Of the drivers of our servers, when nobody answers. */
const OF_DRIVERS = /^(Mongo(ServerSelection|Network|NetworkTimeout)Error|KafkaJS\w+|(Transport|Service|Timeout)Error)$/;

/** One sentence, where the error says that a server does not answer or a file cannot be read; null for every other. */
export const unreachedBy = (error: unknown): string | null => {
  if (typeof error !== 'object' || error === null || !('message' in error)) return null;
  const { code, path, syscall, message, name, cause } = error as NodeJS.ErrnoException;
  if (path !== undefined && syscall !== undefined)
    return inWords({ 'zh-CN': `${path} 无法打开：${code ?? message}`, en: `${path} cannot be opened: ${code ?? message}` });
  if (message === 'fetch failed') return apiAway(whereOf(cause as Cause | undefined));
  return OF_DRIVERS.test(name)
    ? inWords({ 'zh-CN': `服务器没有应答：${firstLineOf(message)}`, en: `no server answers: ${firstLineOf(message)}` })
    : null;
};

const apiAway = (where: string): string => inWords({ 'zh-CN': `接口没有应答：${where}`, en: `the API does not answer: ${where}` });

type Cause = NodeJS.ErrnoException & { readonly address?: string; readonly port?: number };

const whereOf = (cause: Cause | undefined): string =>
  [
    cause?.code ?? cause?.message ?? inWords({ 'zh-CN': '原因不明', en: 'no reason is known' }),
    ...(cause?.address === undefined ? [] : [`at ${cause.address}:${String(cause.port)}`]),
  ].join(' ');

const firstLineOf = (text: string): string => text.split('\n', 1)[0] ?? '';
