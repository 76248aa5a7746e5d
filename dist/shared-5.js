// src/aws/sts-endpoint.ts
var DNS_SUFFIX = {
  "aws-cn": "amazonaws.com.cn",
  "aws-eusc": "amazonaws.eu"
};
function stsEndpoint({ region, role, stsEndpoint: given }) {
  return given ?? new URL(`https://sts.${region}.${DNS_SUFFIX[role.partition] ?? "amazonaws.com"}`);
}

export {
  stsEndpoint
};
