export type PartKind = 'part' | 'facility';

/** A common part or facility that the maintenance fund may be used for. */
export interface CommonPart {
  readonly code: string;
  readonly kind: PartKind;
  readonly zh: string;
  readonly en: string;
  readonly source: string;
}

const SOURCE = '《住宅专项维修资金管理办法》第三条';
const partOf = (code: string, zh: string, en: string): CommonPart => ({ code, kind: 'part', zh, en, source: SOURCE });
const facility = (code: string, zh: string, en: string): CommonPart => ({ code, kind: 'facility', zh, en, source: SOURCE });

/** The Measures' list (住宅专项维修资金管理办法, 2008, Art. 3). */
export const COMMON_PARTS: readonly CommonPart[] = [
  partOf('foundation', '基础', 'foundation'),
  partOf('load-bearing-wall', '承重墙体', 'load-bearing wall'),
  partOf('column', '柱', 'column'),
  partOf('beam', '梁', 'beam'),
  partOf('slab', '楼板', 'floor slab'),
  partOf('roof', '屋顶', 'roof'),
  partOf('outer-wall', '户外墙面', 'outer wall'),
  partOf('hallway', '门厅', 'hallway'),
  partOf('stairs', '楼梯间', 'stairs'),
  partOf('corridor', '走廊通道', 'corridor'),
  facility('lift', '电梯', 'lift'),
  facility('aerial', '天线', 'aerial'),
  facility('lighting', '照明', 'lighting'),
  facility('fire-equipment', '消防设施', 'fire equipment'),
  facility('green-area', '绿地', 'green area'),
  facility('road', '道路', 'road'),
  facility('street-light', '路灯', 'street light'),
  facility('ditch', '沟渠', 'ditch'),
  facility('pond', '池', 'pond'),
  facility('well', '井', 'well'),
  facility('non-commercial-garage', '非经营性车场车库', 'non-commercial garage'),
  facility('public-sports-facility', '公益性文体设施', 'public cultural and sports facility'),
];

const CODES: ReadonlySet<string> = new Set(COMMON_PARTS.map(({ code }) => code));
export const isCommonPart = (code: string): boolean => CODES.has(code);
