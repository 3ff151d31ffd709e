import { sha256Hex } from '@qiyue/engine';

/** 23 digits and letters, none of which looks or sounds like another; 23 is prime, so that one check letter finds every single slip and every swap. */
const LETTERS = '23456789ACDEFHJKMNPRTXY';
const CODE_LENGTH = 6;
const DAY_LENGTH = 6;
const HASH_HEX = 12;

const NUMBER = new RegExp(`^(\\d{${DAY_LENGTH}})([${LETTERS}]{${CODE_LENGTH}})([${LETTERS}])$`);

/** What stands between its parts, and what people write in its place. */
const BETWEEN = /[\s\-‐-―－_.·]/g;

/**
 * What people call an entity by, on paper and on the phone: the day it began in Shanghai, six letters or digits made of its id, a check letter, as
 * `240701-7K3M9P-N`. It needs no counter, so two may have the same one: one pair in 148 million of the same day.
 */
export const spokenNumberOf = (id: string, createdAt: string): string => {
  const day = createdAt.slice(2, 10).replaceAll('-', '');
  const code = codeOf(Number.parseInt(sha256Hex(id).slice(0, HASH_HEX), 16));
  return `${day}-${code}-${checkOf(day + code)}`;
};

/** As it is written, of what somebody typed: small letters, full width and any or no dashes will do. Null for what is none, or holds a slip. */
export const readSpokenNumber = (text: string): string | null => {
  const [, day, code, check] = NUMBER.exec(text.normalize('NFKC').toUpperCase().replace(BETWEEN, '')) ?? [];
  if (day === undefined || code === undefined || check !== checkOf(day + code)) return null;
  return `${day}-${code}-${check}`;
};

const START = new RegExp(`^(\\d{${DAY_LENGTH}})([${LETTERS}]{0,${CODE_LENGTH}})([${LETTERS}]?)$`);

/** How a number begins that somebody has typed part of, from its day on; null for what begins none. */
export const spokenNumberStart = (text: string): string | null => {
  const [, day, code = '', check = ''] = START.exec(text.normalize('NFKC').toUpperCase().replace(BETWEEN, '')) ?? [];
  return day === undefined ? null : [day, code, check].filter((part) => part !== '').join('-');
};

const CODE = new RegExp(`^([${LETTERS}]{${CODE_LENGTH}})([${LETTERS}]?)$`);

/** How the part behind the day begins, of what somebody typed without the day: its six letters, with or without the check letter; null for anything else. */
export const spokenNumberCode = (text: string): string | null => {
  const [, code, check = ''] = CODE.exec(text.normalize('NFKC').toUpperCase().replace(BETWEEN, '')) ?? [];
  return code === undefined ? null : [code, check].filter((part) => part !== '').join('-');
};

/** A number without its day. */
export const behindDay = (number: string): string => number.slice(DAY_LENGTH + 1);

const codeOf = (n: number): string => {
  let [code, rest] = ['', n];
  while (code.length < CODE_LENGTH) {
    code = `${letterOf(rest)}${code}`;
    rest = Math.floor(rest / LETTERS.length);
  }
  return code;
};

const letterOf = (n: number): string => LETTERS.charAt(n % LETTERS.length);

/** Each place weighs differently, so that two that change places are found too. */
const checkOf = (text: string): string =>
  letterOf([...text].reduce((sum, char, i) => sum + (i + 1) * (i < DAY_LENGTH ? Number(char) : LETTERS.indexOf(char)), 0));
