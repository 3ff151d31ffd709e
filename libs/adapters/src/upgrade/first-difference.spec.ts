import { describe, expect, it } from '@jest/globals';
import { Entity, GENESIS_HASH, type CommandEnvelope, type EntityCarry, type OutboxEntry } from '@qiyue/engine';
import { anyDecider } from '@qiyue/engine-runtime';
import { loanDecider } from '../../../../test/loan/loan.decider';
