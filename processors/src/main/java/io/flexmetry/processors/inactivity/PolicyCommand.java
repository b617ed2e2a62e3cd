package io.flexmetry.processors.inactivity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.service.Ending;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.processors.inactivity.PolicyCase.Line;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./flexmetry policy test FILE}. */
@Command(
        name = "./flexmetry policy",
        description = "Runs your own cases against the inactivity policies of FLEXMETRY_CONFIG.",
        mixinStandardHelpOptions = true)
public final class PolicyCommand {

    private final Configuration configuration;
    private final PrintStream out;

    /**
     * The command.
     *
     * @param configuration its policies are tested
     * @param out where it prints
     */
    public PolicyCommand(Configuration configuration, PrintStream out) {
        this.configuration = configuration;
        this.out = out;
    }

    public static void main(String[] args) {
        Ending.after("policy", environment -> run(Configuration.from(environment), System.out, System.err, args));
    }

    /** Returns 0 if all cases pass, 1 if one fails, 2 if a file cannot be read. */
    static int run(Configuration configuration, PrintStream out, PrintStream err, String... args) {
        return new CommandLine(new PolicyCommand(configuration, out))
                .setErr(new PrintWriter(err, true, UTF_8))
                .setExecutionExceptionHandler((e, line, parsed) -> Ending.report("policy", e, err))
                .execute(args);
    }

    /** Runs the cases. */
    @Command(name = "test", description = "Exit code 1 if a case does not end as expected.")
    int test(@Parameters(paramLabel = "FILE", description = "YAML, a list of cases.") Path file) {
        if (configuration.inactivity().policies().isEmpty()) {
            throw new SettingsException(
                    "Expected " + Variable.FLEXMETRY_CONFIG + " to have inactivity policies but there are none");
        }
        List<PolicyCase> cases = PolicyCase.parse(file.toString(), read(file));
        long wrong = cases.stream().filter(one -> !isRight(one)).count();
        out.println(cases.size() + " cases, " + wrong + " wrong");
        return wrong == 0 ? 0 : 1;
    }

    private boolean isRight(PolicyCase one) {
        List<Line> taken = PolicySimulation.run(configuration, one);
        boolean right = taken.equals(one.expect());
        out.println((right ? "ok     " : "WRONG  ") + one.name());
        if (!right) {
            out.println("       expected " + text(one.expect()));
            out.println("       but was  " + text(taken));
        }
        return right;
    }

    private static String text(List<Line> lines) {
        return lines.isEmpty() ? "nothing" : lines.stream().map(Line::toString).collect(Collectors.joining(", "));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new SettingsException("Expected " + file + " to be a readable file but it is not: " + e);
        }
    }
}
