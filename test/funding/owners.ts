import { entityIdOf } from '@qiyue/engine';
import { CHOICES } from '@qiyue/decision-domain';
import { actorOf, ANN, AUTHORITY, CORA, type Asked, type Data, type People } from './people';

/** Of what owners vote on: when the ballot ends, when its notice is posted, when that is over. */
const [CLOSES, POSTED, NOTICED] = ['2024-12-21T18:00:00.000+08:00', '2024-12-22T09:00:00.000+08:00', '2024-12-24T09:00:00.000+08:00'];
/** Null: unsold. */
const OWNERS = [ANN.id, 'bo', 'cy', null];

/** The owners are asked about a need, one time after the other. */
export class Owners {
  constructor(private readonly people: People) {}

  async askAbout(need: string, times: number): Promise<void> {
    const { dice, turns } = this.people;
    for (let i = 0; i < times; i += 1) {
      const decision = entityIdOf('decision', 'cora', `${need}-${i}`);
      await turns.sleep(dice.between(0, 60));
      await this.people.send('decision', decision, ['open', this.opening(need), CORA]);
      if (!this.people.isThere('decision', decision)) continue;
      const way = dice.next();
      if (way < 0.5) await this.ballot(decision);
      else for (const asked of way < 0.9 ? EMERGENCY : CANCELLED) await this.people.say('decision', decision, asked, 25);
      await this.bank(decision, dice.between(0, 3));
    }
  }

  private opening(needId: string): Data {
    const { dice } = this.people;
    const roster = Array.from({ length: dice.between(1, 5) }, (_, i) => ({
      ...{ room: `10${i}`, areaCm2: dice.between(1, 3) * 500_000, owner: dice.pick(OWNERS) },
    }));
    const deciding = roster.map(({ room }) => room).filter(() => dice.chance(0.7));
    const plan = {
      ...{ parts: ['roof'], works: 'a new roof', budgetFen: dice.between(1, 15), warrantyEndedOn: '2015-06-30' },
      ...{ from: '2025-01-10', to: '2025-01-20' },
    };
    return { needId, matter: 'use-fund', roster, plan, ...(deciding.length > 0 && dice.chance(0.4) ? { scopes: { deciding } } : {}) };
  }

  /** Everybody votes at once, some of them late or twice; whoever closes and confirms does not wait for them. */
  private async ballot(decision: string): Promise<void> {
    const { dice } = this.people;
    const say = (asked: Asked, at?: string): Promise<void> => this.people.say('decision', decision, asked, 20, at);
    await say(['open-ballot', { closesAt: CLOSES, channels: ['paper', 'online'] }, CORA]);
    const votes = Array.from({ length: dice.between(2, 8) }, () => say(this.vote()));
    if (dice.chance(0.8)) await Promise.all(votes);
    await say(['close-ballot', {}, CORA], dice.chance(0.3) ? CLOSES : undefined);
    await say(['post-notice', { days: 1, place: 'door' }, CORA], POSTED);
    if (dice.chance(0.2)) {
      await say(['challenge', { reason: 'r' }, actorOf('resident', null)], POSTED);
      await say(['settle', { challengeId: 'c1', upheld: dice.chance(0.3), reason: 'r' }, AUTHORITY], POSTED);
    }
    await say(['confirm', {}, AUTHORITY], NOTICED);
    await Promise.all(votes);
  }

  private vote(): Asked {
    const { dice } = this.people;
    const choice = dice.pick([...CHOICES, 'agree', 'agree', 'agree', 'agree'] as const);
    const owner = dice.pick(OWNERS);
    if (owner !== null && dice.chance(0.6)) return ['vote', { owner, choice, channel: 'online' }, { id: owner, role: 'resident', unit: null }];
    return ['vote', { ...(owner === null ? { room: '100' } : { owner }), choice, channel: 'paper' }, CORA];
  }

  /** What is drawn, and what it is drawn for. */
  private async bank(decision: string, commands: number): Promise<void> {
    const { dice } = this.people;
    for (let i = 0; i < commands; i += 1) {
      const asked: Asked = dice.chance(0.3)
        ? ['audit-account', { reference: 'A-1' }, AUTHORITY]
        : [dice.chance(0.7) ? 'draw' : 'repay', { amountFen: dice.between(1, 6), reference: 'D-1' }, CORA];
      await this.people.say('decision', decision, asked, 80);
    }
  }
}

const EMERGENCY: readonly Asked[] = [
  ['declare-emergency', { basis: 'it rains in', evidence: [{ kind: 'note', text: 'wet' }] }, CORA],
  ['confirm', {}, AUTHORITY],
];
const CANCELLED: readonly Asked[] = [...EMERGENCY.slice(0, 1), ['cancel', { reason: 'r' }, CORA]];
