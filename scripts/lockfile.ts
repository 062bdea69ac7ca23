/** What the scripts and tests read of package-lock.json (lockfileVersion 3). */

export interface LockedPackage {
  version?: string;
  resolved?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lockfile {
  lockfileVersion: number;
  /** By folder: '' is the project, `node_modules/NAME` a package. */
  packages: Record<string, LockedPackage>;
}

export interface MissingPackage {
  name: string;
  version: string;
  /** The package that may use it. */
  parent: LockedPackage;
}

/** The optional dependencies that are not in the lockfile, which `npm ci` refuses. */
export function missingPackages({ packages }: Lockfile): MissingPackage[] {
  return Object.entries(packages).flatMap(([folder, parent]) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(
        ([name]) => !(`node_modules/${name}` in packages) && !(`${folder}/node_modules/${name}` in packages),
      )
      .map(([name, version]) => ({ name, version, parent })),
  );
}
