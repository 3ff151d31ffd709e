import { createServer, type AddressInfo } from 'node:net';

/** A browser, as far as logging in needs one: it keeps cookies per host and follows one step at a time. */
export class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  async go(
    url: string | URL,
    init: RequestInit = {},
  ): Promise<{ readonly status: number; readonly to: URL | null; readonly text: string; readonly cookies: string }> {
    const at = new URL(url);
    const jar = this.jars.get(at.host) ?? new Map<string, string>();
    this.jars.set(at.host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, {
      redirect: 'manual',
      ...init,
      headers: { ...(init.headers as Record<string, string>), ...(cookie === '' ? {} : { cookie }) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const location = answer.headers.get('location');
    return {
      status: answer.status,
      to: location === null ? null : new URL(location, at),
      text: await answer.text(),
      cookies: answer.headers.getSetCookie().join('\n'),
    };
  }
}

/** Through the local provider, up to where it sends the browser back to, not followed yet. */
export const untilCallback = async (browser: Browser, base: string, who: Record<string, string>, returnTo = '/pages/needs'): Promise<URL> => {
  let at = await browser.go(`${base}/login?returnTo=${encodeURIComponent(returnTo)}`);
  at = await browser.go(at.to as URL);
  at = await browser.go(at.to as URL, { method: 'POST', body: new URLSearchParams(who) });
  while (at.to !== null && !at.to.pathname.startsWith('/login/callback')) at = await browser.go(at.to);
  return at.to as URL;
};

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
