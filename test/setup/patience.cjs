/** Real servers on a small machine: a test may take its time, but never for ever. */
jest.setTimeout(120_000);
