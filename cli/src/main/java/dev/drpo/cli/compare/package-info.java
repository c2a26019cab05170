/** {@code drpo compare}: many methods on one footing. */
package dev.drpo.cli.compare;
