package dev.drpo.benchmarks.device;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.engine.TorchScriptArchive;

/** What a program reaches on a device that does nothing but multiply, or nothing but copy. */
final class DeviceLimits {
  private static final int ROUNDS = 5;
  private static final int TIMES = 8;

  private static final String METHODS =
      """
      def prepare_product(self: __torch__.Limits, like: Tensor, n: int) -> int:
        torch.set_grad_enabled(False)
        a = torch.normal_(torch.empty([n, n], dtype=15, device=like.device), 0.0, 1.0)
        b = torch.normal_(torch.empty([n, n], dtype=15, device=like.device), 0.0, 1.0)
        self.x = [a, b, torch.zeros([n, n], dtype=15, device=like.device)]
        return n

      def multiply(self: __torch__.Limits, times: int) -> float:
        torch.set_grad_enabled(False)
        for i in range(times):
          y = torch.mm(self.x[0], self.x[1], out=self.x[2])
        return float(self.x[2][0, 0])

      def prepare_copy(self: __torch__.Limits, like: Tensor, n: int) -> int:
        torch.set_grad_enabled(False)
        self.x = [torch.ones([n], dtype=6, device=like.device), torch.zeros([n], dtype=6, device=like.device)]
        return n

      def copy(self: __torch__.Limits, times: int) -> float:
        torch.set_grad_enabled(False)
        for i in range(times):
          y = torch.copy_(self.x[1], self.x[0])
        return float(self.x[1][0])
      """;

  private DeviceLimits() {}

  /** Floating-point operations a second of a product of two square matrices in bfloat16. */
  static double productFlops(Device device, int size) {
    double seconds = fastest(device, "prepare_product", size, "multiply");
    return 2.0 * size * size * size / seconds;
  }

  /** Bytes a second that the device's memory moves in a copy, both those read and those written. */
  static double copyBytesPerSecond(Device device, long bytes) {
    double seconds = fastest(device, "prepare_copy", bytes / Float.BYTES, "copy");
    return 2.0 * bytes / seconds;
  }

  /** Seconds of one run; what the method gives back is there only when all runs are done. */
  private static double fastest(Device device, String prepare, long size, String method) {
    byte[] archive = new TorchScriptArchive("Limits").tensors("x").build(METHODS, "");
    double fastest = Double.POSITIVE_INFINITY;
    try (NDManager manager = TensorEngine.newManager(device);
        ScriptModule script = ScriptModule.load(manager, archive)) {
      script.run(prepare, manager.create(0f), size);
      for (int round = 0; round < ROUNDS; round++) {
        long began = System.nanoTime();
        script.real(method, (long) TIMES);
        fastest = Math.min(fastest, (System.nanoTime() - began) / 1e9 / TIMES);
      }
    }
    return fastest;
  }
}
