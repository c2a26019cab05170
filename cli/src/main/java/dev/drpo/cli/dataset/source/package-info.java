/** Data sets of other projects: their file formats, and which of their fields mean what. */
package dev.drpo.cli.dataset.source;
