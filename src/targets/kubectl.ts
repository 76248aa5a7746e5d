// kubectl and other clients of Kubernetes, for clusters of OKE. `kubeconfig.ts` makes the file that they read.
import path from 'node:path';
import type { TargetContext, TargetExports } from './target.ts';

const IN_DOCKER_ACTIONS =
  '`export-for` kubectl: Docker actions cannot use this kubeconfig, which names files by their paths on the runner. Run kubectl in a step with `run:`.';
const AS_RESOURCE =
  '`export-for` kubectl with `token-type` rpst: it is not known whether OKE accepts the session of a resource.';

/** @see Organizing Cluster Access Using kubeconfig Files (Kubernetes documentation), "Merging kubeconfig files" */
export function kubectlExports({ directory, env, home, oci, platform }: TargetContext): TargetExports {
  const kubeconfig = path.join(directory, 'kubeconfig');
  const usual = home === undefined ? '' : path.join(home, '.kube/config');
  const others = (env('KUBECONFIG') || usual).split(path.delimiter).filter((file) => file !== kubeconfig);
  const files = oci.oke?.merge ? [kubeconfig, ...others].filter((file) => file !== '') : [kubeconfig];
  return {
    variables: { KUBECONFIG: files.join(path.delimiter) },
    files: { kubeconfig },
    warnings: oci.exportFor.includes('docker') && platform === 'linux' ? [IN_DOCKER_ACTIONS] : [],
    notes: oci.resource === undefined ? [] : [AS_RESOURCE],
  };
}
