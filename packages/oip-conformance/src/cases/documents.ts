/** What the cases appeal to. */
export const documents = {
  yaml: {
    title: "Open Inference Protocol, open_inference_rest.yaml",
    url: "https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_rest.yaml",
  },
  text: {
    title: "Open Inference Protocol, inference_rest.md",
    url: "https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md",
  },
  required: {
    title: "KServe, required_api.md",
    url: "https://github.com/kserve/kserve/blob/master/docs/predict-api/v2/required_api.md",
  },
  binary: {
    title: "Triton, extension_binary_data.md",
    url: "https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md",
  },
  configuration: {
    title: "Triton, extension_model_configuration.md",
    url: "https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_configuration.md",
  },
  statistics: {
    title: "Triton, extension_statistics.md",
    url: "https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_statistics.md",
  },
  repository: {
    title: "Triton, extension_model_repository.md",
    url: "https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md",
  },
  tritonClient: {
    title: "Triton's client library, tritonclient.http",
    url: "https://github.com/triton-inference-server/client/tree/main/src/python/library/tritonclient/http",
  },
  kserveClient: {
    title: "KServe's client library, inference_client.py",
    url: "https://github.com/kserve/kserve/blob/master/python/kserve/kserve/inference_client.py",
  },
  tritonTests: {
    title: "Triton's tests, qa/L0_http",
    url: "https://github.com/triton-inference-server/server/tree/main/qa/L0_http",
  },
  json: { title: "RFC 8259, JSON", url: "https://www.rfc-editor.org/rfc/rfc8259" },
  http: { title: "RFC 9110, HTTP semantics", url: "https://www.rfc-editor.org/rfc/rfc9110" },
  http1: { title: "RFC 9112, HTTP/1.1", url: "https://www.rfc-editor.org/rfc/rfc9112" },
} as const;

export type DocumentName = keyof typeof documents;

export interface SpecReference {
  readonly document: DocumentName;
  readonly section: string;
}

export function spec(document: DocumentName, section: string): SpecReference {
  return { document, section };
}
