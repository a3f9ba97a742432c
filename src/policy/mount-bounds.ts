/** Where a walk comes upon something that is mounted, and whether --one-file-system ends there. */

export interface MountBounds {
  /** Something is mounted right there. */
  readonly isMountPoint: boolean;
  /** `--one-file-system`: it is a mount point, or on another device than the root. */
  readonly isOutside: boolean;
}

/** What is known of a directory below a root. */
export interface BelowRoot {
  readonly device: number;
  /** Undefined: the kernel (before 5.8) does not tell; then a new device is taken for a mount. */
  readonly isMountRoot: boolean | undefined;
  /** The device of the directory above it, where that is known. */
  readonly deviceAbove: number | undefined;
  readonly rootDevice: number;
}

export function mountBoundsOf(
  { device, isMountRoot, deviceAbove, rootDevice }: BelowRoot,
  oneFileSystem: boolean,
): MountBounds {
  const isMountPoint = isMountRoot ?? (deviceAbove !== undefined && deviceAbove !== device);
  return { isMountPoint, isOutside: oneFileSystem && (isMountPoint || device !== rootDevice) };
}
