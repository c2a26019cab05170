package dev.drpo.policy.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive made from source text: a zip that holds the module's code and a pickle of
 * its attributes. libtorch loads it as if {@code torch.jit.save} had written it.
 *
 * <p>Attributes are integers, floats and lists of tensors that start empty; weights are handed over
 * later, through a method of the module.
 */
public final class TorchScriptArchive {
  private static final String FOLDER = "module/";

  private final String name;
  private final StringBuilder fields = new StringBuilder();
  private final ByteArrayOutputStream state = new ByteArrayOutputStream();

  /**
   * Starts a module.
   *
   * @param name the class's name; in the source it is {@code __torch__.name}
   */
  public TorchScriptArchive(String name) {
    this.name = name;
  }

  public TorchScriptArchive integer(String attribute, long value) {
    declare(attribute, "int");
    state.write(Pickle.LONG1);
    state.write(Long.BYTES);
    writeLittleEndian(value, Long.BYTES);
    return this;
  }

  public TorchScriptArchive real(String attribute, double value) {
    declare(attribute, "float");
    state.write(Pickle.BINFLOAT);
    long bits = Double.doubleToLongBits(value);
    for (int shift = 56; shift >= 0; shift -= 8) {
      state.write((int) (bits >> shift));
    }
    return this;
  }

  public TorchScriptArchive tensors(String attribute) {
    declare(attribute, "List[Tensor]");
    state.write(Pickle.GLOBAL);
    writeAscii("torch.jit._pickle\nbuild_tensorlist\n");
    state.write(Pickle.EMPTY_LIST);
    state.write(Pickle.TUPLE1);
    state.write(Pickle.REDUCE);
    return this;
  }

  /**
   * The archive's bytes.
   *
   * @param methods source of the module's methods, not indented
   * @param functions source of free functions, called as {@code __torch__.function}
   */
  public byte[] build(String methods, String functions) {
    String code =
        "class "
            + name
            + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
            + fields
            + withoutComments(methods).indent(2)
            + withoutComments(functions);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("data.pkl", pickle());
    files.put("code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
    files.put(
        "constants.pkl",
        new byte[] {(byte) Pickle.PROTO, 2, (byte) Pickle.EMPTY_TUPLE, (byte) Pickle.STOP});
    files.put("version", "10\n".getBytes(StandardCharsets.US_ASCII));
    return zip(files);
  }

  /** libtorch's parser of saved code accepts no comment lines at class level. */
  private static String withoutComments(String source) {
    return source.replaceAll("(?m)^\\s*#.*\\R", "").replaceAll("(?m)^\\s*\\R", "");
  }

  private void declare(String attribute, String type) {
    fields.append("  ").append(attribute).append(" : ").append(type).append('\n');
    writeString(attribute);
  }

  private byte[] pickle() {
    byte[] attributes = state.toByteArray();
    state.reset();
    state.write(Pickle.PROTO);
    state.write(2);
    state.write(Pickle.GLOBAL);
    writeAscii("__torch__\n" + name + "\n");
    state.write(Pickle.EMPTY_TUPLE);
    state.write(Pickle.NEWOBJ);
    state.write(Pickle.EMPTY_DICT);
    state.write(Pickle.MARK);
    writeString("training");
    state.write(Pickle.NEWFALSE);
    state.writeBytes(attributes);
    state.write(Pickle.SETITEMS);
    state.write(Pickle.BUILD);
    state.write(Pickle.STOP);
    return state.toByteArray();
  }

  private void writeAscii(String text) {
    state.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void writeString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    state.write(Pickle.BINUNICODE);
    writeLittleEndian(bytes.length, Integer.BYTES);
    state.writeBytes(bytes);
  }

  private void writeLittleEndian(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      state.write((int) (value >> (8 * i)));
    }
  }

  private static byte[] zip(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        // libtorch reads members in place, so they are stored, not deflated.
        ZipEntry entry = new ZipEntry(FOLDER + file.getKey());
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        entry.setTime(0);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(file.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Opcodes of Python's pickle protocol 2. */
  private static final class Pickle {
    static final int PROTO = 0x80;
    static final int NEWOBJ = 0x81;
    static final int TUPLE1 = 0x85;
    static final int NEWFALSE = 0x89;
    static final int LONG1 = 0x8a;
    static final int GLOBAL = 'c';
    static final int EMPTY_TUPLE = ')';
    static final int EMPTY_DICT = '}';
    static final int EMPTY_LIST = ']';
    static final int MARK = '(';
    static final int BINFLOAT = 'G';
    static final int BINUNICODE = 'X';
    static final int REDUCE = 'R';
    static final int SETITEMS = 'u';
    static final int BUILD = 'b';
    static final int STOP = '.';
  }
}
