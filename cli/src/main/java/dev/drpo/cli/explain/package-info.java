/** {@code drpo explain}: what every objective makes of the responses of one group. */
package dev.drpo.cli.explain;
