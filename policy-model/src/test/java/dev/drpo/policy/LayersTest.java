package dev.drpo.policy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The policy knows neither frameworks nor transports, and files know no tensor engine. */
@AnalyzeClasses(packages = "dev.drpo.policy", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  private static final String SAFETENSORS = "dev.drpo.policy.safetensors";

  @ArchTest
  static final ArchRule filesAndTextsKnowNoTensors =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.drpo.policy",
              "dev.drpo.policy.checkpoint..",
              "dev.drpo.policy.json..",
              "dev.drpo.policy.patch..",
              "dev.drpo.policy.text..",
              SAFETENSORS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl.ndarray..", "ai.djl.pytorch..", "ai.djl.engine..");

  @ArchTest
  static final ArchRule safetensorsKnowOnlyTheJdkAndJson =
      classes()
          .that()
          .resideInAPackage(SAFETENSORS)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "java..", "com.fasterxml.jackson..", "dev.drpo.policy.json", SAFETENSORS)
                  .or(type(PolicyFormatException.class)));

  @ArchTest
  static final ArchRule thePolicyKnowsNeitherFrameworksNorTransports =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.quarkus..", "jakarta..", "io.grpc..", "org.apache.kafka..", "dev.drpo.runtime..");

  @ArchTest
  static final ArchRule theContractIsSeenByTheRecordsOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.drpo.policy.records")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.drpo.proto..", "com.google.protobuf..");

  @ArchTest
  static final ArchRule noCycleOfPackages =
      slices().matching("dev.drpo.(**)").should().beFreeOfCycles();
}
