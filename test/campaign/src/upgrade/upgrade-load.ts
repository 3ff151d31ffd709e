import { NEED_BODY, PEOPLE, type Answer, type System, type Who } from '@qiyue/testkit';
import { lostIn } from '../command-names';

/** What a need is taken through; `progress` may come as often as one likes. */
const CLAIM = { unit: PEOPLE.department.unit, plan: '两周内安装' };
const FUND = { amountFen: 860_000, source: 'department', reference: '2026-118' };
const AT_ONCE = 6;

interface Need {
  readonly needId: string;
  step: 'claim' | 'fund' | 'progress';
  busy: boolean;
}

interface Asked {
  readonly asked: number;
  readonly askedIds: readonly string[];
  readonly accepted: number;
  readonly diverged: number;
  /** Answers 202 before another one. */
  readonly unknown: number;
}

/** Commands on open needs, each with an id of its own and sent again until it has an outcome, as a careful client does. */
export class UpgradeLoad {
  /** Answers that a healthy system gives nobody, by code. */
  readonly turnedAway: Record<string, number> = {};
  private readonly needs: Need[] = [];
  private readonly acceptedIds: string[] = [];
  private running: Promise<unknown> | null = null;
  private stopping = false;
  private sent = 0;

  constructor(
    private readonly system: System,
    private readonly size: number,
  ) {}

  get accepted(): number {
    return this.acceptedIds.length;
  }

  async submitAll(): Promise<void> {
    let begun = 0;
    const submitter = async (): Promise<void> => {
      while (begun < this.size) {
        begun += 1;
        const answer = await this.send('/v1/needs', PEOPLE.resident, { ...NEED_BODY, items: [...NEED_BODY.items] });
        // Half of them are claimed under the first rules.
        const need: Need = { needId: String(answer.body['needId']), step: 'claim', busy: false };
        if (begun % 2 === 0) await this.advance(need);
        this.needs.push(need);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, submitter));
  }

  start(): void {
    const worker = async (): Promise<void> => {
      while (!this.stopping) {
        const need = this.needs[Math.floor(Math.random() * this.needs.length)];
        if (need === undefined || need.busy) continue;
        need.busy = true;
        await this.advance(need);
        need.busy = false;
      }
    };
    this.running = Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** Until some more commands than there are needs have been accepted. */
  async untilMoved(timesNeeds: number): Promise<void> {
    const target = this.accepted + this.size * timesNeeds;
    while (this.accepted < target) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** One command to every claimed need, without asking again: but for `not known yet`, which says nothing of the need. */
  async askAll(): Promise<Asked> {
    const claimed = this.needs.filter(({ step }) => step === 'progress');
    const answers: string[] = [];
    const waiting = [...claimed];
    let unknown = 0;
    const worker = async (): Promise<void> => {
      for (let need = waiting.shift(); need !== undefined; need = waiting.shift()) {
        const { path, as, body } = this.next(need);
        let answer = await this.post(path, as, body, this.newKey());
        for (; answer.status === 202 && unknown < this.size; unknown += 1) answer = await this.post(path, as, body, this.newKey());
        answers.push(answer.status === 200 ? 'accepted' : String(answer.body['code'] ?? answer.status));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const count = (code: string): number => answers.filter((answer) => answer === code).length;
    return {
      asked: claimed.length,
      askedIds: claimed.map(({ needId }) => needId),
      accepted: count('accepted'),
      diverged: count('diverged'),
      unknown,
    };
  }

  /** Accepted commands of which the ledger holds nothing. */
  lost(): Promise<readonly string[]> {
    return lostIn(this.system, this.acceptedIds);
  }

  private next(need: Need): { readonly path: string; readonly as: Who; readonly body: object } {
    const body = need.step === 'claim' ? CLAIM : need.step === 'fund' ? FUND : { note: '施工中' };
    return { path: `/v1/needs/${need.needId}/${need.step}`, as: PEOPLE.department, body };
  }

  private async advance(need: Need): Promise<void> {
    const { path, as, body } = this.next(need);
    await this.send(path, as, body);
    need.step = need.step === 'claim' ? 'fund' : 'progress';
  }

  private async send(path: string, as: Who, body: object): Promise<Answer> {
    const key = this.newKey();
    for (;;) {
      const answer = await this.post(path, as, body, key);
      if (answer.status === 200 || answer.status === 201) {
        this.acceptedIds.push(key);
        return answer;
      }
      if (answer.status < 500 && answer.status !== 202 && answer.status !== 0)
        throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      const code = String(answer.body['code'] ?? '');
      if (code === 'diverged' || code === 'quarantined') this.turnedAway[code] = (this.turnedAway[code] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Status 0: the API was just being replaced. */
  private post(path: string, as: Who, body: object, key: string): Promise<Answer> {
    return this.system.post(path, as, body, key).catch(() => ({ status: 0, headers: new Headers(), body: {} }));
  }

  private newKey(): string {
    return `upgrade-${(this.sent += 1)}`;
  }
}
