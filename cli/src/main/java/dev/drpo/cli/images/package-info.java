/** {@code drpo images}: builds the services' images with whichever tool is there. */
package dev.drpo.cli.images;
