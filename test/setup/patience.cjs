/** Real servers on a small machine, and pure tests that yield to them: a test may take its time, but never for ever. */
jest.setTimeout(120_000);
