import {
  proofOf,
  realmOf
} from "./shared-9.js";
import {
  explainFailure,
  explainUnauthenticated,
  sessionKey,
  signRequest
} from "./shared-3.js";
import {
  ServiceRefusal,
  apiRefusal
} from "./shared-14.js";
import {
  describeHtmlPage,
  describeStatus,
  isNotAuthorized,
  isRetryableStatus,
  parseObject,
  requestIdFrom,
  toText
} from "./shared-27.js";
import {
  ActionError,
  titled
} from "./shared-13.js";

// src/diagnosis/oke-refusal.ts
function explainClusterRefusal(refusal, { cluster, region, tenancy, endpoint, now }) {
  let { status, code, text, requestId, attempts } = refusal, details = { status, requestId }, [realm, own] = [realmOf(cluster), realmOf(tenancy)];
  if (realm !== own && (status === 401 || isNotAuthorized(status, code))) {
    let message2 = `The cluster ${cluster} is in realm ${realm}, the session in realm ${own} (${status}).`;
    return new ActionError("OKE_NOT_AUTHORIZED", message2, {
      ...details,
      remedy: "Check `oke-cluster`: a session is valid in its own realm only."
    });
  }
  if (status === 401) return explainUnauthenticated(refusal, now);
  if (isNotAuthorized(status, code)) {
    let message2 = `OKE in ${region} does not let this session use the cluster ${cluster}: ${text} (${status}, ${attempts}).`;
    return titled("OKE_NOT_AUTHORIZED", message2, details);
  }
  let message = `OKE refused the kubeconfig of ${cluster} for the ${endpoint} endpoint: ${text} (${status}, ${attempts}).`;
  return titled("OKE_REFUSED", message, details);
}

// src/oci/oke.ts
function clusterHosts({ realmDomain, ...cluster }, fallback) {
  let { region = fallback } = cluster;
  return {
    region,
    api: `containerengine.${region}.oci.${realmDomain}`,
    tokenHost: `containerengine.${region}.${realmDomain}`
  };
}
var ENDPOINTS = {
  public: "PUBLIC_ENDPOINT",
  private: "PRIVATE_ENDPOINT",
  "vcn-hostname": "VCN_HOSTNAME"
};
function kubeconfigRequest(host, cluster, endpoint, proof, now) {
  let request = {
    method: "POST",
    url: new URL(`https://${host}/20180222/clusters/${cluster}/kubeconfig/content`),
    headers: { accept: "application/x-yaml", "content-type": "application/json" },
    body: JSON.stringify({ tokenVersion: "2.0.0", endpoint: ENDPOINTS[endpoint] })
  };
  return { ...request, headers: signRequest(request, sessionKey(proof), now) };
}
var TRANSIENT_REFUSAL = ({ status, text }) => {
  let code = toText(parseObject(text)?.code);
  return isNotAuthorized(status, code) || status === 409 && code === "IncorrectState" ? `${status} ${code}` : void 0;
};
function processKubeconfigResponse(response, { token }) {
  let { status, text, attempts } = response, requestId = requestIdFrom(response, "opc-request-id");
  if (isRetryableStatus(status)) throw new ServiceRefusal("oke", { status, requestId, attempts });
  let access = status === 200 ? parseKubeconfig(text) : void 0;
  if (access !== void 0) return access;
  let refusal = apiRefusal("oke", response, [token]);
  if (status >= 400 && refusal.code !== "") throw refusal;
  let what = status === 200 ? "something that is no kubeconfig of one cluster" : describeStatus(status), message = describeHtmlPage(response, "OKE") ?? `OKE responded with ${what}.`;
  throw titled("OKE_RESPONSE_MALFORMED", message, { status, requestId });
}
function parseKubeconfig(yaml) {
  let address = soleValue(yaml, "server"), certificateAuthorityData = soleValue(yaml, "certificate-authority-data");
  if (address === void 0 || !URL.canParse(address)) return;
  let server = new URL(address);
  return server.protocol === "https:" && !/[@?#]/.test(address) && server.pathname === "/" && isCertificate(certificateAuthorityData) ? { server, certificateAuthorityData } : void 0;
}
function soleValue(yaml, key) {
  let lines = [...yaml.matchAll(new RegExp(`^[ -]*${key}:(.*)$`, "gm"))], [, , value] = /^ +(["']?)([\w:/.+=[\]-]+)\1 *\r?$/.exec(lines[0]?.[1] ?? "") ?? [];
  return lines.length === 1 ? value : void 0;
}
function isCertificate(base64) {
  return base64 === void 0 || !/^[\w+/]+={0,2}$/.test(base64) ? !1 : Buffer.from(base64, "base64").toString("latin1").startsWith("-----BEGIN CERTIFICATE-----");
}

// src/targets/kubeconfig.ts
function contextNames(clusters) {
  let names = clusters.map(({ id, region }) => `oke-${region}-c${id.slice(-10)}`);
  return new Set(names).size === clusters.length ? names : clusters.map(({ id }) => id);
}
function kubeconfigOf(clusters, { node, kubectlToken }, { keyFile, tokenFile }, { server: override }) {
  let config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: clusters.map(({ name, server, certificateAuthorityData }) => ({
      name,
      cluster: {
        ...serverOf(server, override),
        "certificate-authority-data": certificateAuthorityData
      }
    })),
    users: clusters.map(({ name, id, tokenHost }) => ({
      name,
      user: { exec: { ...EXEC, command: node, args: [...kubectlToken, keyFile, tokenFile, id, tokenHost] } }
    })),
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    "current-context": clusters[0]?.name ?? ""
  };
  return `${JSON.stringify(config, void 0, 2)}
`;
}
function serverOf(server, override) {
  return override === void 0 ? { server: server.origin } : override.hostname === server.hostname ? { server: override.origin } : { server: override.origin, "tls-server-name": server.hostname.replace(/^\[|\]$/g, "") };
}
var EXEC = {
  apiVersion: "client.authentication.k8s.io/v1",
  // The job may set options that the plugin cannot load, such as `--require ./setup.js`.
  env: [{ name: "NODE_OPTIONS", value: "" }],
  interactiveMode: "Never",
  provideClusterInfo: !1,
  installHint: "oci-wif-action wrote this kubeconfig for the steps of one job on its runner. Docker actions and other machines do not have its files."
};

// src/login/request-clusters.ts
async function requestKubeconfig(deps, oci, oke, session, files) {
  let clusters = await requestClusters(deps, oci, oke, session);
  return { text: kubeconfigOf(clusters, deps.programs, files, oke), clusters };
}
async function requestClusters(deps, { region }, { clusters, endpoint }, session) {
  let located = clusters.map((cluster) => ({ id: cluster.id, ...clusterHosts(cluster, region) })), names = contextNames(located);
  return Promise.all(
    located.map(async (cluster, index) => {
      let access = await requestCluster(deps, cluster, endpoint, session);
      return { ...cluster, ...access, name: names[index] ?? cluster.id };
    })
  );
}
async function requestCluster({ http, clock }, { id, region, api }, endpoint, session) {
  let label = `the kubeconfig of ${id}`, proof = proofOf(session), { tenancy } = session.sessionToken;
  try {
    let { response } = await http.retry({ label, transientReason: TRANSIENT_REFUSAL }, async () => ({
      response: await http.send(kubeconfigRequest(api, id, endpoint, proof, clock.now()))
    }));
    return processKubeconfigResponse(response, proof);
  } catch (error) {
    throw await explainFailure(
      error,
      "oke",
      `Requesting ${label}`,
      (refusal) => explainClusterRefusal(refusal, { cluster: id, region, tenancy, endpoint, now: clock.now() })
    );
  }
}

export {
  clusterHosts,
  requestKubeconfig,
  requestCluster
};
