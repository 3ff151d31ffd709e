import type { Request, Response } from 'express';

export const SESSION_COOKIE = 'qiyue_session';
export const LOGIN_COOKIE = 'qiyue_login';

const VALUE = /^[A-Za-z0-9_-]{43}$/;
/** A login under way is sealed in its cookie: longer, with the path that it leads back to. */
const SEALED = /^[A-Za-z0-9_-]{43,3000}$/;

/** What a cookie of ours holds; null when it is not there or nothing that we gave. */
export const cookieOf = (req: Request, name: string): string | null => {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([key]) => key === name)?.[1] ?? '';
  return (name === LOGIN_COOKIE ? SEALED : VALUE).test(value) ? value : null;
};

export interface CookiePlace {
  /** Sent over https only; not for an address on this machine. */
  readonly isSecure: boolean;
}

/** Not for scripts, and with no request that another site makes but a link that is followed. */
export const setCookie = (res: Response, name: string, value: string, maxAgeMs: number, { isSecure }: CookiePlace): void =>
  void res.cookie(name, value, { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/', maxAge: maxAgeMs });

export const dropCookie = (res: Response, name: string, { isSecure }: CookiePlace): void =>
  void res.clearCookie(name, { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' });
