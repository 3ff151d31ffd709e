/** Real servers on a small machine, and pure tests beside a lint: a test may take its time, but never for ever. */
jest.setTimeout(120_000);
