// Host names of OCI's container registry (OCIR).

/**
 * The keys of regions in host names such as `fra.ocir.io`, which only realm oc1 is known to have.
 * Source: REGIONS_SHORT_NAMES in regions_definitions.py (OCI Python SDK 2.182.1); Preparing for Registry (OCI documentation)
 */
const REGIONS_BY_KEY =
  'aga us-saltlake-2 ams eu-amsterdam-1 arn eu-stockholm-1 auh me-abudhabi-1 bog sa-bogota-1 bom ap-mumbai-1 ' +
  'cdg eu-paris-1 cwl uk-cardiff-1 dxb me-dubai-1 fra eu-frankfurt-1 gru sa-saopaulo-1 hsg ap-batam-1 ' +
  'hyd ap-hyderabad-1 iad us-ashburn-1 icn ap-seoul-1 jbp ap-kulai-2 jed me-jeddah-1 jnb af-johannesburg-1 ' +
  'kix ap-osaka-1 lej af-casablanca-1 lhr uk-london-1 lin eu-milan-1 mad eu-madrid-1 mel ap-melbourne-1 ' +
  'mrs eu-marseille-1 mtz il-jerusalem-1 mty mx-monterrey-1 nrq eu-turin-1 nrt ap-tokyo-1 onm ap-delhi-1 ' +
  'ord us-chicago-1 orf eu-madrid-3 phx us-phoenix-1 qro mx-queretaro-1 ruh me-riyadh-1 scl sa-santiago-1 ' +
  'sin ap-singapore-1 sjc us-sanjose-1 syd ap-sydney-1 vap sa-valparaiso-1 vcp sa-vinhedo-1 xsp ap-singapore-2 ' +
  'yny ap-chuncheon-1 yul ca-montreal-1 yyz ca-toronto-1 zrh eu-zurich-1';

const words = () => REGIONS_BY_KEY.split(' ');

/** Both host names of the registry of a region, or only the full one if the key is not known. @param domain see `domainOf` */
export function registriesOf(region: string, domain: string): string[] {
  const key = words()[words().indexOf(region) - 1];
  const full = `ocir.${region}.oci.${domain}`;
  return key === undefined ? [full] : [`${key}.ocir.io`, full];
}

/** The host to request a token from: the full name of the registry, as in the SDKs; the given host if its key is not known. */
export function tokenHostOf(host: string): string {
  const [, key = ''] = /^([a-z]{3})\.ocir\.io$/.exec(host) ?? [];
  const region = words()[words().indexOf(key) + 1];
  return key === '' || !words().includes(key) ? host : `ocir.${region}.oci.oraclecloud.com`;
}
