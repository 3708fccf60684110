import java.nio.file.Path;
import java.util.List;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/**
 * One OpenSearch node of its own jars, without the start script that its archive brings: `java -cp 'lib/*' SearchNode.java HOME PORT`.
 * PORT 0 is any free one. It listens on the loopback only, prints one line when it is ready, and ends on SIGTERM or when its standard input closes.
 */
class SearchNode extends Node {
  /** What the server's archive holds as modules, as far as the mapping, the queries and their tests need them. */
  private static final List<String> MODULES = List.of(
      "org.opensearch.transport.Netty4ModulePlugin",
      "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
      "org.opensearch.percolator.PercolatorModulePlugin",
      "org.opensearch.index.reindex.ReindexModulePlugin",
      "org.opensearch.painless.PainlessModulePlugin",
      "org.opensearch.index.mapper.MapperExtrasModulePlugin",
      "org.opensearch.geo.GeoModulePlugin");

  private SearchNode(Environment environment, List<PluginInfo> plugins) {
    super(environment, plugins, false);
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 2) throw new IllegalArgumentException("usage is SearchNode.java HOME PORT");
    Path home = Path.of(args[0]).toAbsolutePath();
    Settings settings = Settings.builder()
        .put("path.home", home)
        .put("path.data", home.resolve("data"))
        .put("path.logs", home.resolve("logs"))
        .put("cluster.name", "classifyhub-local")
        .put("node.name", "local")
        .put("discovery.type", "single-node")
        .put("network.host", "127.0.0.1")
        .put("http.port", args[1])
        .put("transport.port", "0")
        .put("http.type", "netty4")
        .put("transport.type", "netty4")
        .put("cluster.routing.allocation.disk.threshold_enabled", false)
        .build();
    // The settings are complete: no opensearch.yml is read.
    Node node = new SearchNode(new Environment(settings, null), pluginsOf(MODULES));
    node.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
    int port = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
    System.out.println("ready http://127.0.0.1:" + port);
    while (System.in.read() >= 0) { } // who started us has died when this ends
    System.exit(0);
  }

  private static List<PluginInfo> pluginsOf(List<String> classes) {
    return classes.stream()
        .map(name -> new PluginInfo(name, name, "classpath", Version.CURRENT, "21", name, name, List.of(), false))
        .toList();
  }

  private static void close(Node node) {
    try {
      node.close();
    } catch (Exception error) {
      error.printStackTrace();
    }
  }
}
