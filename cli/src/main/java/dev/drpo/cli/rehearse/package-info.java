/** {@code drpo rehearse}: a short run at a real width, with the memory and time that it takes. */
package dev.drpo.cli.rehearse;
