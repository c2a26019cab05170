/** What services check about the records that they exchange. */
package dev.drpo.runtime.records;
