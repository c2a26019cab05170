/** {@code drpo generate}: samples responses of a policy in this process. */
package dev.drpo.cli.generate;
