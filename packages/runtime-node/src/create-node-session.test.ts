import { sessionConformance } from "@attune/testkit";
import { createNodeSession } from "./create-node-session.ts";

sessionConformance("onnxruntime-node", createNodeSession);
