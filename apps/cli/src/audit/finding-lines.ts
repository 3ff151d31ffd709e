import type { Finding } from '@qiyue/engine-runtime';
import { counted } from '../show/counted';
import { inWords, language } from '../show/language';

const KINDS: Readonly<Record<Finding['kind'], string>> = {
  gap: '序号中断',
  link: '链接不符',
  hash: '哈希不符',
  copy: '副本字段不符',
  malformed: '格式不对',
  missing: '缺失',
  rewritten: '被改写',
  unfed: '流中失位',
  unpublished: '未发布',
  checkpoint: '检查点不符',
  outcome: '结果不符',
};

/** Details as those who find them write them, in English; `$1` stands for what they name. One that is not here stays as it is. */
const DETAILS: readonly (readonly [RegExp, string])[] = [
  [/^expected seq (\d+), found (\d+)$/, '应为 seq $1，实为 $2'],
  [/^there is no record (\d+)$/, '没有第 $1 条记录'],
  [/^prevHash is not the hash of the record before$/, 'prevHash 不是前一条记录的哈希'],
  [/^its cryptographic suite is not known to this version$/, '本版本不认识其密码套件'],
  [/^the stored bytes do not have the stored hash$/, '所存内容与所存哈希不符'],
  [/^the stored bytes are no record$/, '所存内容不是记录'],
  [/^the stored document is no record: it has no place in a stream$/, '所存文档不是记录：在记录流中没有位置'],
  [/^(\w+) differs from the bytes$/, '字段 $1 与内容不一致'],
  [/^(\w+) is not a field of a record$/, '字段 $1 不属于记录'],
  [/^the record is not the one that (?:a|the) checkpoint has seen$/, '不是检查点见过的那条记录'],
  [/^the record is not the one that is named behind it$/, '不是其后记录所指的那条'],
  [/^a checkpoint has seen this record$/, '检查点见过这条记录'],
  [/^the checkpoint has seen (\d+) records of it$/, '检查点见过其 $1 条记录'],
  [/^the feed has seen (\d+) records of it$/, '流见过其 $1 条记录'],
  [/^feed or checkpoint have seen (\d+) records of it$/, '流或检查点见过其 $1 条记录'],
  [/^checkpoint (\d+) has seen (\d+) places of the feed$/, '检查点 $1 见过流中 $2 个位置'],
  [/^the feed has lost its place: who subscribes from before does not see it$/, '在流中失去位置：从更早处订阅的看不到它'],
  [/^the events topic does not have this record$/, '事件主题没有这条记录'],
  [/^the events topic has this record$/, '事件主题有这条记录'],
  [/^the events topic has another record$/, '事件主题是另一条记录'],
  [/^the topic has a checkpoint with this number, and the folder has none$/, '主题有此编号的检查点，文件夹没有'],
  [/^the topic has another checkpoint with this number$/, '主题中此编号是另一个检查点'],
  [/^the topic has a checkpoint with this number that is signed by a key which is none of the chain$/, '主题中此编号的检查点由链外的密钥签名'],
  [/^the checkpoints hold no further: ([\w-]+)$/, '检查点到此为止不再成立（$1）'],
  [/^the folder is empty, and the topic has checkpoints$/, '文件夹是空的，而主题有检查点'],
  [/^the folder is empty, and there were checkpoints before$/, '文件夹是空的，而此前有过检查点'],
  [/^no checkpoint is in the bundle$/, '文件中没有检查点'],
  [/^signed by (\S+), which is not the key that is trusted$/, '由 $1 签名，不是所信任的密钥'],
  [/^the bytes are no record of this stream$/, '内容不是这条记录流的记录'],
  [/^a part of the proof is missing$/, '证明不全'],
  [/^the checkpoint cannot be read by this version$/, '本版本无法读取该检查点'],
  [/^the checkpoint is not signed by the key beside it$/, '检查点不是由所附密钥签名'],
  [/^the path does not lead to the root that is signed$/, '路径得不出所签名的根'],
  [/^no accepted command names it$/, '没有已接受的命令指向它'],
  [/^(\w+) without an outcome: command (\S+)$/, '状态为 $1 而没有结果：命令 $2'],
  [/^the row and its outcome differ: command (\S+)$/, '命令行与其结果不一致：命令 $1'],
  [/^accepted, and there is no such record: command (\S+)$/, '已接受而没有这条记录：命令 $1'],
  [/^accepted, and the record is of another command: command (\S+)$/, '已接受而记录属于另一命令：命令 $1'],
  [/^the workflow has ended at (\d+), the ledger holds (\d+)$/, '工作流结束于 $1，台账有 $2 条'],
  [
    /^the ledger holds (\d+) records, and its workflow made none from (\d+) on: somebody else wrote them, or Temporal is older$/,
    '台账有 $1 条记录，其工作流自 $2 起一条未写：系他人写入，或 Temporal 的数据较旧',
  ],
  [/^its workflow is (\w+), the entity has not ended$/, '其工作流为 $1，而事项尚未结束'],
  [/^the workflow stands at (\d+), the ledger holds (\d+)$/, '工作流停在 $1，台账有 $2 条'],
  [/^the workflow stands at its beginning$/, '工作流停在起点'],
  [/^Temporal knows no workflow of it$/, 'Temporal 中没有它的工作流'],
  [/^by the ledger it has ended$/, '按台账它已结束'],
  [/^see `audit restore`$/, '见 `audit restore`'],
  [/^the workflow has decided (\d+) records, the ledger holds (\d+)$/, '工作流已决定 $1 条记录，台账有 $2 条'],
  [/^the ledger holds another record than the workflow made$/, '台账中不是工作流所写的那条记录'],
  [/^command (\S+) was acknowledged, and nobody holds what it gave$/, '命令 $1 已答复，而其所得已无处可寻'],
  [/^this version knows no entities of the kind (\S+)$/, '本版本没有 $1 这一类事项'],
  [/^not linked to the one before it in its stream$/, '与所在记录流的前一条不相接'],
  [/^not a fact$/, '不是审计事实'],
  [/^the bytes do not have the hash$/, '内容与哈希不符'],
  [/^the lines are not those that were written$/, '各行不是当初写入的'],
  [/^(\d+) records were written, (\d+) are there$/, '写入时 $1 条，现有 $2 条'],
  [/^the file has no end$/, '文件没有结尾'],
  [/^something stands behind the end$/, '结尾之后还有内容'],
  [/^not a file of facts$/, '不是审计事实的文件'],
  [/^not a record$/, '不是记录'],
];

/** What somebody has found, in the language of the call. */
export const detailWords = (detail: string): string => (language() === 'zh-CN' ? detail.split('; ').map(inChinese).join('；') : detail);

const inChinese = (part: string): string => {
  const known = DETAILS.find(([pattern]) => pattern.test(part));
  return known === undefined ? part : part.replace(...known);
};

/** The first record where something is wrong, what is, and how that shows. The name of the kind stays: runbooks go by it. */
export const findingLine = ({ stream, seq, kind, detail }: Finding): string =>
  inWords({
    'zh-CN': `${stream} seq ${seq}：${KINDS[kind]}（${kind}）：${detailWords(detail)}`,
    en: `${stream} seq ${seq}: ${kind}: ${detail}`,
  });

export const foundWords = (count: number): string => inWords({ 'zh-CN': `发现 ${count} 处问题`, en: counted(count, 'finding') });
