import { createFakeConformanceSession } from "./fake-session.ts";
import { sessionConformance } from "./session-conformance.ts";

sessionConformance("the fake session", createFakeConformanceSession);
