/**
 * What may not stand where time, chance and the outside world have no business. ESLint keeps only the last
 * `no-restricted-syntax` for a file, so these are lists that the configuration joins.
 */
const banned = (selector, message) => ({ selector, message });

const CLOCK_NOW = banned("MemberExpression[object.name='Date'][property.name='now']", 'The time of a decision is an argument: `context.now`.');

/** Reads the clock or throws the dice. `new Date(instantMs)` only formats and is fine. */
const CLOCK_AND_CHANCE = [
  banned("NewExpression[callee.name='Date'][arguments.length=0]", 'The time of a decision is an argument: `context.now`.'),
  banned("CallExpression[callee.name='Date']", 'The time of a decision is an argument: `context.now`.'),
  banned("MemberExpression[object.name='Math'][property.name='random']", 'Chance cannot be replayed.'),
  banned('ImportExpression', 'Nothing is loaded while deciding.'),
];

export const RESTRICTED_GLOBALS = [
  'performance',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'crypto',
  'console',
  'fetch',
  'globalThis',
  'require',
].map((name) => ({ name, message: 'Pure code: no clock, no chance, no I/O, no process.' }));

const SYNCHRONOUS = [
  banned(':function[async=true]', 'The domain is synchronous.'),
  banned('AwaitExpression', 'The domain is synchronous.'),
  banned('ForOfStatement[await=true]', 'The domain is synchronous.'),
  banned("Identifier[name='Promise']", 'The domain is synchronous.'),
];

const SET_HANDLER = "CallExpression:matches([callee.name='setHandler'], [callee.property.name='setHandler'])";

/** Each of these has been seen to jam a workflow or to lose its updates. */
const WORKFLOW = [
  banned(`${SET_HANDLER} > :function[async=true]`, 'A handler with an await lets commands see half of one another and dies on continue-as-new.'),
  banned(`${SET_HANDLER} Property[key.name='validator'] > :function[async=true]`, 'An async validator jams the workflow.'),
  banned(
    `BlockStatement > :has(AwaitExpression) ~ :has(> ${SET_HANDLER})`,
    'An update that comes before its handler is refused: set handlers before the first await.',
  ),
  banned(
    "ThrowStatement > NewExpression:not([callee.name='ApplicationFailure']):not([callee.property.name='ApplicationFailure'])",
    'Anything but an ApplicationFailure fails the workflow task for ever.',
  ),
];

export const EVERYWHERE = [banned('ExportDefaultDeclaration', 'Exports have names.')];

export const IN_TESTS = [
  banned('MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo|failing)$/]', 'Every test runs.'),
  banned('CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]', 'Every test runs.'),
  banned(
    "MemberExpression[object.name='jest'][property.name=/^(mock|doMock|unstable_mockModule)$/]",
    'Modules are not mocked: real servers, or plain values.',
  ),
];

export const PURE = [...EVERYWHERE, CLOCK_NOW, ...CLOCK_AND_CHANCE];
export const DOMAIN = [...PURE, ...SYNCHRONOUS];
export const THIN_WORKFLOW = [...PURE, ...WORKFLOW];
/** The shell arms timers by `Date.now()`, which the sandbox answers from history. */
export const ENGINE_WORKFLOW = [...EVERYWHERE, ...CLOCK_AND_CHANCE, ...WORKFLOW];
