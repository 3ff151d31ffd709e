import { CliError } from './cli-error';
import { inWords } from './show/language';

/** Of the drivers of our servers, when nobody answers. */
const OF_DRIVERS = /^(Mongo(ServerSelection|Network|NetworkTimeout)Error|KafkaJS\w+|(Transport|Service|Timeout)Error)$/;

/** One sentence, where the error says that a server does not answer or a file cannot be read; null for every other. */
export const unreachedBy = (error: unknown): string | null => {
  if (typeof error !== 'object' || error === null || !('message' in error)) return null;
  const { code, path, syscall, message, name, cause } = error as NodeJS.ErrnoException;
  if (path !== undefined && syscall !== undefined)
    return inWords({ 'zh-CN': `${path} 无法打开：${code ?? message}`, en: `${path} cannot be opened: ${code ?? message}` });
  if (error instanceof DOMException && name === 'TimeoutError') return OUT_OF_TIME();
  if ((cause as Cause | undefined)?.code === 'ERR_INVALID_URL') return NO_ADDRESS();
  if (message === 'fetch failed') return apiAway(whereOf(cause as Cause | undefined));
  return OF_DRIVERS.test(name)
    ? inWords({ 'zh-CN': `服务器没有应答：${firstLineOf(message)}`, en: `no server answers: ${firstLineOf(message)}` })
    : null;
};

/** Of a file that somebody names: a sentence where it cannot be read, is no file, or is not in UTF-8; else the error itself. */
export const unreadable = (file: string, error: unknown): Error => {
  const { code, name, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR') return new CliError(inWords({ 'zh-CN': `${file} 是文件夹`, en: `${file} is a folder` }));
  if (name === 'NotUtf8') return new CliError(inWords({ 'zh-CN': `${file} 不是 UTF-8 编码，请另存为 UTF-8`, en: (error as Error).message }));
  if (code === undefined || syscall === undefined) return error as Error;
  return new CliError(inWords({ 'zh-CN': `${file} 无法读取：${code}`, en: `${file} cannot be read: ${code}` }));
};

const OUT_OF_TIME = (): string =>
  inWords({
    'zh-CN': '接口没有在时限内应答：可用 `npx qiyue status` 查看它是否正常',
    en: 'the API did not answer in time: `npx qiyue status` says how it is',
  });
const NO_ADDRESS = (): string =>
  inWords({ 'zh-CN': 'QIYUE_API_URL 不是网址，例如 http://127.0.0.1:8080', en: 'QIYUE_API_URL is no address, such as http://127.0.0.1:8080' });
const apiAway = (where: string): string => inWords({ 'zh-CN': `接口没有应答：${where}`, en: `the API does not answer: ${where}` });

type Cause = NodeJS.ErrnoException & { readonly address?: string; readonly port?: number };

const whereOf = (cause: Cause | undefined): string =>
  [
    cause?.code ?? (cause?.message === 'bad port' ? BAD_PORT() : cause?.message) ?? inWords({ 'zh-CN': '原因不明', en: 'no reason is known' }),
    ...(cause?.address === undefined ? [] : [`at ${cause.address}:${String(cause.port)}`]),
  ].join(' ');

const BAD_PORT = (): string => inWords({ 'zh-CN': '不允许的端口', en: 'a port that is not allowed' });
const firstLineOf = (text: string): string => text.split('\n', 1)[0] ?? '';
