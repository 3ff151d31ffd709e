import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { PreferenceStore } from '@qiyue/adapters';
import type { Actor } from '@qiyue/engine';
import { canBeOff, OUTWARD_CHANNELS, NOTICE_TYPES, type AnyChannel, type Preferences, type SwitchedOff } from '@qiyue/notices';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { readBody } from '../http/permit';
import { Problem } from '../http/problem';

const CHANNELS: readonly AnyChannel[] = ['inbox', ...OUTWARD_CHANNELS];

export const preferencesBody = z.strictObject({
  off: z.array(z.strictObject({ type: z.enum(NOTICE_TYPES), channel: z.enum(CHANNELS) })).max(NOTICE_TYPES.length * CHANNELS.length),
  when: z.enum(['office-hours', 'always']).default('office-hours'),
});

export interface ShownPreferences extends Preferences {
  /** What this actor cannot switch off. */
  readonly cannotBeOff: readonly SwitchedOff[];
}

@Controller('v1/preferences')
export class PreferencesController {
  constructor(@Inject(PreferenceStore) private readonly preferences: PreferenceStore) {}

  @Get()
  async show(@CurrentActor() actor: Actor): Promise<ShownPreferences> {
    return shown(await this.preferences.of(actor.id), actor);
  }

  @Put()
  async replace(@Body() body: unknown, @CurrentActor() actor: Actor): Promise<ShownPreferences> {
    const { off, when } = readBody(preferencesBody, body);
    if (off.some((asked) => !canBeOff(asked, mayLead(actor)))) throw Problem.edge('cannot-be-off');
    const preferences = { off, when };
    await this.preferences.replace(actor.id, preferences);
    return shown(preferences, actor);
  }
}

/** Of which needs a department will be the lead is not known beforehand. */
const mayLead = ({ role }: Actor): boolean => role === 'department';

const shown = ({ off, when }: Preferences, actor: Actor): ShownPreferences => ({
  ...{ off, when },
  cannotBeOff: NOTICE_TYPES.flatMap((type) => CHANNELS.map((channel) => ({ type, channel }))).filter((all) => !canBeOff(all, mayLead(actor))),
});
