/** What a run needs of its devices, and which device does what, before anything is started. */
package dev.drpo.planning;
