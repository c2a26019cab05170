/**
 * Lossless patches between two bf16 policies of the same shape.
 *
 * <p>A step of reinforcement learning moves an fp32 master by about its learning rate, which is far
 * below half the distance between two bf16 numbers, so that about one stored weight in a hundred
 * changes (PULSE, arXiv 2602.03839), mostly to its neighbour. A patch says which, and by how much:
 *
 * <pre>
 * chunk   = piece*                    below the broker's record limit, applied on its own
 * piece   = tensor first changes gaps down far [farGaps low high]
 * tensor  = varint                    place of the tensor in the order of names
 * first   = varint                    element that the first gap counts from
 * changes = varint                    changed elements, 1 or more
 * gaps    = varint plane              its bytes before packing; the unchanged elements before each
 *                                     changed one
 * down    = plane                     a bit for each change, the lowest first: whether the element
 *                                     became smaller as a whole number
 * far     = varint                    changes by more than one step
 * farGaps = varint plane              the changes by one step before each of these
 * low     = plane                     of each of these: the steps beyond the first, modulo 256
 * high    = plane                     and divided by 256
 * gap     = a byte below 254 as it is, behind up to three bytes 254 which add as many; from 1016
 *           on the byte 255 and the rest as a varint
 * plane   = 0 byte                    the same byte again and again
 *         | 1 varint bytes            as it is
 *         | 2 varint bytes            a Zstandard frame
 * varint  = seven bits a byte, the lowest first, the top bit set where more follow
 * </pre>
 *
 * <p>A step is a difference of one between two elements' bits, modulo 2^16: a neighbour is one step
 * away, though its bits may differ in several places. Planes have distributions of their own, and
 * are packed on their own. Whether the result is the policy that was meant is for its digest to
 * say.
 */
package dev.drpo.policy.patch;
