import { isEntityId } from '@qiyue/engine';
import { anyDecider, type Command, type CommandGateway, type CommandLog, type LedgerStore } from '@qiyue/engine-runtime';
import { isPerson } from '@qiyue/civic-domain';
import { needDecider, PSEUDONYMS_SINCE, type Do, type NeedState } from '@qiyue/need-domain';

const decider = anyDecider(needDecider);
import type { Aliases } from '../privacy/aliases';
import { foldEntity, refusedOn, tryOn, type LedgerEntity } from './ledger-entity';
import { answerOfOutcome, entityAnswerOf, type EntityAnswer } from './entity-answer';
import { commandOf } from './command-request';

/**
 * Merges a need into another: the target adopts, then the source ends. Two entities, so no step is atomic with the next.
 *
 * Contract:
 * 1. A source that would refuse is asked straight away, bound to the seq it was looked at: the target is not touched.
 * 2. A target that does not adopt leaves the source as it is; the refusal is kept under the merge's id.
 * 3. A source that refuses after the adoption has it taken back, also when a retry is what learns of the refusal.
 * 4. Every step has an id derived from the merge's, so a retry after any crash goes on where it stopped.
 */
export class NeedMerger {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly store: LedgerStore,
    private readonly log: CommandLog,
    private readonly aliases?: Pick<Aliases, 'named' | 'open'>,
  ) {}

  async merge(command: Command, deadlineMs: number): Promise<EntityAnswer> {
    const giveUpAtMs = Date.now() + deadlineMs;
    const known = await this.log.find(command);
    if (known && known.fingerprint !== command.fingerprint) return { kind: 'key-reused' };
    if (known?.outcome) return this.settle(command, answerOfOutcome(known.outcome), await this.hasAdopted(command), giveUpAtMs);
    const source = await foldEntity(this.store, decider, command.entity);
    const decision = tryOn(decider, source, command);
    if (!decision.ok) return this.send({ ...command, expectedSeq: source.seq }, giveUpAtMs);
    return this.adoptThenMerge(command, source, giveUpAtMs);
  }

  private async adoptThenMerge(command: Command, source: LedgerEntity, giveUpAtMs: number): Promise<EntityAnswer> {
    if (await this.hasAdopted(command)) return this.settle(command, await this.send(command, giveUpAtMs), true, giveUpAtMs);
    const adopted = await this.adopt(command, source, giveUpAtMs);
    if (adopted.kind === 'accepted') {
      await adopted.appended; // so that a later look at the ledger never sees the source merged into a need without it
      return this.settle(command, await this.send(command, giveUpAtMs), true, giveUpAtMs);
    }
    if (adopted.kind === 'refused' || adopted.kind === 'not-found') return this.targetRefuses(command, source, adopted);
    return adopted.kind === 'invalid' ? { kind: 'unknown' } : adopted;
  }

  private async adopt(command: Command, source: LedgerEntity, giveUpAtMs: number): Promise<EntityAnswer> {
    const target = String(command.data['into']);
    if (!isEntityId(target)) return { kind: 'not-found' };
    const rules = Math.max(source.rules, command.rules ?? 1);
    const data = { from: command.entity, ...(await this.followersOf(source, target, rules)) };
    return this.send({ ...partOf(command, 'adopt', target, data), ...(rules === 1 ? {} : { rules }) }, giveUpAtMs);
  }

  /** As the target names them; nobody once the author's key is erased. */
  private async followersOf({ state: known }: LedgerEntity, target: string, rules: number): Promise<Followers> {
    const state = known as NeedState;
    if (state.stage === 'unborn') return { followers: [] };
    const { id, role, person } = state.author;
    if (this.aliases === undefined || rules < PSEUDONYMS_SINCE || !isPerson(role)) return { followers: [id] };
    const subject = person === undefined ? id : await this.aliases.open(person);
    if (subject === null) return { followers: [] };
    const alias = await this.aliases.named(target, subject);
    return { followers: [alias.id], persons: [alias.person] };
  }

  private async targetRefuses(command: Command, source: LedgerEntity, adopted: EntityAnswer): Promise<EntityAnswer> {
    const isForeign = adopted.kind === 'refused' && adopted.refusal.code === 'not-permitted';
    const seen = adopted.kind === 'refused' ? (adopted.summary['stage'] ?? null) : null;
    const stage = seen === null ? {} : { stage: seen };
    const outcome = refusedOn(decider, source, command, isForeign ? adopted.refusal : { code: 'target-not-live', detail: stage });
    return answerOfOutcome(await this.log.noteOutcome(command, outcome));
  }

  /** A refused merge must not leave an adoption behind. Taking back what was taken back already is the same command again. */
  private async settle(command: Command, answer: EntityAnswer, hasAdopted: boolean, giveUpAtMs: number): Promise<EntityAnswer> {
    if (!hasAdopted || (answer.kind !== 'refused' && answer.kind !== 'not-found')) return answer;
    const target = String(command.data['into']);
    const undone = await this.send(partOf(command, 'unadopt', target, { from: command.entity }), giveUpAtMs);
    if (undone.kind === 'accepted') await undone.appended; // a look at the target's history then shows that it was taken back
    return undone.kind === 'unknown' || undone.kind === 'busy' ? undone : answer;
  }

  private async hasAdopted(command: Command): Promise<boolean> {
    const adoption = await this.log.find(partOf(command, 'adopt', String(command.data['into']), {}));
    return adoption?.outcome?.status === 'accepted';
  }

  private async send(command: Command, giveUpAtMs: number): Promise<EntityAnswer> {
    return entityAnswerOf(await this.gateway.execute(command, giveUpAtMs - Date.now()));
  }
}

const partOf = (command: Command, type: 'adopt' | 'unadopt', target: string, data: Command['data']): Command =>
  commandOf({ ...command, commandId: `${command.commandId}:${type}` }, { decider }, type, target, data);

type Followers = Omit<Do<'adopt'>['data'], 'from'>;
