/**
 * {@code drpo bench}: measurements on this machine, against targets and in the same run a floor.
 */
package dev.drpo.cli.bench;
