/** {@code drpo dataset}: public data in, and what a data set holds. */
package dev.drpo.cli.dataset;
