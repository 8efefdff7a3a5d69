package org.yifang.tools;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Finds in the sources what findings say: every sentence given to a `Problem`, a `Finding`, a
/// `refuse` or a `warn`, with `{}` where a value is put in.
final class FindingSentences {
    private static final Path SOURCES = Path.of("src/main/java/org/yifang");
    private static final Set<String> MADE = Set.of("Problem", "Finding");
    private static final Set<String> CALLED =
            Set.of("refuse", "refused", "warn", "busy", "unreadable", "broken");

    /// Constants that no finding says: of the command line, of the terminal, of a report's method.
    private static final Set<String> ELSEWHERE =
            Set.of("Give one of --cer", "Look for the new", "Median and P90 a", "The port is take");

    /// Without the console, whose pages speak both languages themselves.
    static Set<String> all() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Set<String> sentences = new TreeSet<>();
        try (Stream<Path> walk = Files.walk(SOURCES);
                StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources =
                    walk.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.startsWith(SOURCES.resolve("console")))
                            .toList();
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources));
            task.parse().forEach(unit -> new Scanner(sentences).scan(unit, null));
        }
        return sentences;
    }

    private static final class Scanner extends TreeScanner<Void, Void> {
        private final Set<String> sentences;

        Scanner(Set<String> sentences) {
            this.sentences = sentences;
        }

        @Override
        public Void visitNewClass(NewClassTree made, Void none) {
            if (MADE.contains(made.getIdentifier().toString())) {
                made.getArguments().forEach(this::take);
            }
            return super.visitNewClass(made, null);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
            String name =
                    switch (call.getMethodSelect()) {
                        case MemberSelectTree member -> member.getIdentifier().toString();
                        case IdentifierTree plain -> plain.getName().toString();
                        default -> "";
                    };
            if (CALLED.contains(name)) {
                call.getArguments().forEach(this::take);
            }
            return super.visitMethodInvocation(call, null);
        }

        /// A sentence that several findings say.
        @Override
        public Void visitVariable(VariableTree variable, Void none) {
            boolean constant =
                    variable.getModifiers()
                            .getFlags()
                            .containsAll(Set.of(Modifier.STATIC, Modifier.FINAL));
            if (constant && variable.getInitializer() != null) {
                take(variable.getInitializer());
            }
            return super.visitVariable(variable, null);
        }

        private void take(ExpressionTree argument) {
            if (argument instanceof ConditionalExpressionTree either) {
                take(either.getTrueExpression());
                take(either.getFalseExpression());
                return;
            }
            if (argument instanceof ParenthesizedTree inner) {
                take(inner.getExpression());
                return;
            }
            String text = template(argument);
            if (text.endsWith(".")
                    && text.indexOf(' ') > 0
                    && !text.startsWith("{}.")
                    && ELSEWHERE.stream().noneMatch(text::startsWith)) {
                sentences.add(text);
            }
        }

        private static String template(ExpressionTree tree) {
            return switch (tree) {
                case BinaryTree both when both.getKind() == Tree.Kind.PLUS ->
                        template(both.getLeftOperand()) + template(both.getRightOperand());
                case ParenthesizedTree inner -> template(inner.getExpression());
                case LiteralTree literal -> String.valueOf(literal.getValue());
                default -> "{}";
            };
        }
    }

    private FindingSentences() {}
}
