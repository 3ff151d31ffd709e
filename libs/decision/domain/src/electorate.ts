import { canonicalJson, sha256Hex } from '@qiyue/engine';

/** A room with its exclusive area in cm²; `owner` is an opaque id, null while it is unsold: then the developer's. */
export interface RosterEntry {
  readonly room: string;
  readonly areaCm2: number;
  readonly owner: string | null;
}
/** Three lists of rooms that are not the same: who shares the part, who decides, who pays. Left out: all of the roster. */
export interface Scopes {
  readonly sharing?: readonly string[];
  readonly deciding?: readonly string[];
  readonly paying?: readonly string[];
}
export type ScopeName = 'sharing' | 'deciding' | 'paying';
export const SCOPE_NAMES: readonly ScopeName[] = ['sharing', 'deciding', 'paying'];

/**
 * The roster by columns, so that 3,000 rooms are no more than 200 kB wherever a state goes. One owner of several rooms is one head, and so are all unsold rooms
 * together. A mask has one sign per room, `1` for one that is in it.
 */
export interface Electorate {
  readonly rooms: readonly string[];
  readonly areas: readonly number[];
  /** Of each room, the index of its head. */
  readonly headOf: readonly number[];
  /** Owners; null is the developer, of all unsold rooms. */
  readonly heads: readonly (string | null)[];
  readonly scopes: Readonly<Record<ScopeName, string>>;
}

export const ROOMS_MAX = 3_000;
/** 100,000 m²: far above any room, and 3,000 times as much is still exact when it is multiplied by a fraction's parts. */
export const AREA_CM2_MAX = 1_000_000_000;

const IN = '1';
export const isIn = (mask: string, index: number): boolean => mask[index] === IN;
/** A mask or a row of letters with another sign at one place. */
export const withSign = (row: string, index: number, sign: string): string => `${row.slice(0, index)}${sign}${row.slice(index + 1)}`;
export const withIn = (mask: string, index: number): string => withSign(mask, index, IN);
export const emptyMask = (length: number): string => '0'.repeat(length);

export const electorateOf = (roster: readonly RosterEntry[], scopes: Scopes): Electorate => {
  const indexOf = new Map<string | null, number>();
  const headOf = roster.map(({ owner }) => {
    const index = indexOf.get(owner) ?? indexOf.size;
    indexOf.set(owner, index);
    return index;
  });
  const mask = (rooms: readonly string[] | undefined): string => {
    const wanted = rooms === undefined ? null : new Set(rooms);
    return roster.map(({ room }) => (wanted?.has(room) === false ? '0' : IN)).join('');
  };
  return {
    rooms: roster.map(({ room }) => room),
    areas: roster.map(({ areaCm2 }) => areaCm2),
    headOf,
    heads: [...indexOf.keys()],
    scopes: { sharing: mask(scopes.sharing), deciding: mask(scopes.deciding), paying: mask(scopes.paying) },
  };
};

/** Index of the head that owns the room; null for a room that is not there. */
export const headOfRoom = ({ rooms, headOf }: Electorate, room: string): number | null => headOf[rooms.indexOf(room)] ?? null;
export const headOfOwner = ({ heads }: Electorate, owner: string): number | null => {
  const index = heads.indexOf(owner);
  return index < 0 ? null : index;
};

/** What a head has in a scope, cm². */
export const areaOfHead = ({ areas, headOf, scopes }: Electorate, head: number, scope: ScopeName): number =>
  areas.reduce((sum, area, i) => (headOf[i] === head && isIn(scopes[scope], i) ? sum + area : sum), 0);

/** SHA-256 over the roster as it was given, with its scopes (RFC 8785): what was frozen when the ballot opened can be checked against a list on paper. */
export const rosterHashOf = ({ rooms, areas, headOf, heads, scopes }: Electorate): string =>
  sha256Hex(
    canonicalJson(rooms.map((room, i) => [room, areas[i] ?? 0, heads[headOf[i] ?? -1] ?? null, ...SCOPE_NAMES.map((name) => isIn(scopes[name], i))])),
  );
