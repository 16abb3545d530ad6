// Writes small valid files of every format to DIRECTORY/FORMAT/, for the fuzzers to begin with.

#include <cstdint>
#include <cstdio>
#include <fallline/model/model_file.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/binary_sets.hpp"
#include "support/gzip.hpp"
#include "support/picture_files.hpp"

namespace {

using namespace fallline::test;

class Seeds {
 public:
  explicit Seeds(const std::filesystem::path& root, const char* format)
      : directory_(root / format) {
    std::filesystem::create_directories(directory_);
  }

  void add(const std::string& bytes) {
    std::ofstream(next(), std::ios::binary).write(bytes.data(), std::ssize(bytes));
  }
  void add_packed(const std::string& bytes) {
    add(bytes);
    (void)write_gzip(next(), bytes);
  }
  std::filesystem::path next() { return directory_ / std::to_string(++count_); }

 private:
  std::filesystem::path directory_;
  int count_ = 0;
};

void model_seeds(const std::filesystem::path& root) {
  fallline::Classifier model{.network = fallline::Network(2, 3),
                             .parameters = std::vector<float>(8)};
  model.preprocessing = fallline::Preprocessing::identity(3);
  model.schema.class_names = {"a", "b"};
  Seeds seeds(root, "model");
  fallline::save_model(model, seeds.next());
  model.schema.shape = fallline::ImageShape{.channels = 3, .height = 1, .width = 1};
  fallline::save_model(model, seeds.next());
  // 5 times that is 3 modulo 2^64, the number of features.
  model.schema.shape =
      fallline::ImageShape{.channels = 5, .height = 7378697629483820647U, .width = 1};
  fallline::save_model(model, seeds.next());
  model.schema.shape.reset();
  model.network = fallline::Network::parse("mlp:2x2,activation=tanh,skip=1", 3, 2);
  model.parameters.resize(model.network.parameters());
  fallline::save_model(model, seeds.next());
}

void text_seeds(const std::filesystem::path& root) {
  Seeds csv(root, "csv");
  csv.add_packed("a,b,label\n1,2.5,x\n-3e2,\"4\",\"y, z\"\n");
  csv.add("1\t2\r\n3\t4\r\n");
  Seeds libsvm(root, "libsvm");
  libsvm.add_packed("+1 1:0.5 3:2 # note\n-1 2:1\n");
  libsvm.add("2 qid:1 0:1e3 7:4\n");
  Seeds replay(root, "replay");
  replay.add_packed("{\"step\":1,\"rate\":0.5}\n{\"step\":3,\"rate\":1e-3,\"loss\":null}\n");
  replay.add("step,epoch,rate\n1,1,0.5\n9,2,0.25\n");
  Seeds series(root, "series");
  series.add("date,\"high, F\"\n1981-01-01,40\n1981-01-02,NA\n1981-01-03,-1e3\n");
  series.add("40\n41.5\n");
  series.add("{\"step\":1,\"loss\":2.5}\n{\"step\":2,\"loss\":null,\"finite\":false}\n");
}

/// n times the same, as no person writes it.
std::string times(const std::string& text, int n) {
  std::string all;
  for (int i = 0; i < n; ++i) all += text;
  return all;
}

void configuration_seeds(const std::filesystem::path& root) {
  Seeds seeds(root, "configuration");
  seeds.add("# run.toml of fallline\ndata = \"in#1/x.csv\"\nlr = 0.1\nseed = 3\nheader = true\n");
  seeds.add("x = {percent-encoded = \"caf%E9\"}\nlr = 1e-7\ny = -inf\nz = '''\na\n'''\n");
  seeds.add("# fallline 0.1.0; repeat\ndata = \"in#1\"\nlabels = 'a \"b\" it's'\nx = 007 # y\n");
  seeds.add("# fallline 0.1.0;\ndata = \"two\nlines\"\n");
  // Each of these overflowed a stack, took gigabytes or was read as another number once.
  seeds.add(times("a.", 3000) + "a = 1");
  seeds.add("x = " + times("[", 3000));
  seeds.add("x = " + times("{a = ", 1000));
  seeds.add("x = 18446744073709551617\n");
  seeds.add("x = 1e-999\n");
  seeds.add("\xEF\xB3\xBF = 1\n");
  seeds.add("[+a]\nb = 1\n");
  seeds.add("x = 1'\xCC\xA7\n");
}

void result_seeds(const std::filesystem::path& root) {
  Seeds documents(root, "document");
  documents.add(R"({"kind":"landscape","version":1,"x":[0,1.5,null,-1e-7],"y":{"a":"</script>"}})");
  documents.add(R"({"kind":"paths","x":)" + times("[", 1000) + times("]", 1000) + "}");
  Seeds histories(root, "history");
  histories.add(R"({"step":1,"loss":2.5,"layers":[{"name":"a","dead":0.5}]})"
                "\n{\"step\":2");
  histories.add("{\"attempt\":1,\"loss\":null}\n\n{\"x\":" + times("[", 1000) + "\n");
}

void text_form_seeds(const std::filesystem::path& root) {
  Seeds networks(root, "network");
  networks.add("mlp:8x3,4,activation=tanh,dropout=0.1,skip=1,init=he");
  networks.add(
      "a = dense(8) of input; b = gelu of a; c = dense(8, he) of input; d = add of b, c; "
      "e = dropout(0.5) of d; f = dense(classes) of e");
  networks.add("mlp:99999999999");
  networks.add("mlp:16777216x1000");
  Seeds schedules(root, "schedule");
  schedules.add("warmup:steps=50,start=0.1 then staircase:at=3/5,factor=0.5,epochs=9 then cosine");
  schedules.add("replay:file=\"a \"\"b\"\", c\",steps=9 then plateau:patience=3");
  schedules.add("one-cycle:cycle=0.9,start=0.1 then constant");
  schedules.add(times("constant:steps=18446744073709551615 then ", 2) + "constant");
  schedules.add(std::string("replay:file=\0x", 14));
  schedules.add(times("constant:steps=1 then ", 2000) + "constant");
}

void array_seeds(const std::filesystem::path& root) {
  Seeds idx_seeds(root, "idx");
  idx_seeds.add_packed(idx(0x08, {2, 2, 2}, counting(8)));
  idx_seeds.add(idx(0x0D, {2, 1}, big(1.5F) + big(-2.F)));
  idx_seeds.add(idx(0x0E, {1, 1, 1, 3}, big(1.) + big(2.) + big(3.)));
  const std::string floats = npy("<f4", "(2, 2)", little_all({1.F, 2.F, 3.F, 4.F}));
  Seeds npy_seeds(root, "npy");
  npy_seeds.add_packed(floats);
  npy_seeds.add(npy(">f8", "(2, 1, 2)", counting(32), true));
  npy_seeds.add(npy("<U2", "(2,)", little_all<std::uint32_t>({'a', 'b', 'c', 0})));
  npy_seeds.add(npy_with_header("{'descr':'|u1','fortran_order':False,'shape':(1,2)}", "ab", 3));
  Seeds npz_seeds(root, "npz");
  const std::string text = npy("<U1", "(2,)", little_all<std::uint32_t>({'a', 'b'}));
  write_zip(npz_seeds.next(), {{"x.npy", floats}, {"y.npy", text}});
  write_zip(npz_seeds.next(), {{"x_train.npy", floats}, {"x_test.npy", floats}});
}

void picture_seeds(const std::filesystem::path& root) {
  Seeds cifar(root, "cifar");
  cifar.add(cifar_record({3}, 7) + cifar_record({9}, 8));
  cifar.add(cifar_record({3, 99}, 7));
  Seeds images(root, "images");
  images.add(grey_png(3, 2, {1, 2, 3, 4, 5, 6}));
  images.add(rgb_png(1, 2, {1, 2, 3, 4, 5, 6}));
  const std::string cells = counting(64);
  images.add(png(2, 2, PNG_FORMAT_RGBA, cells.data()));
  images.add(png(2, 2, PNG_FORMAT_LINEAR_Y, cells.data()));
  images.add(png(2, 1, PNG_FORMAT_RGB_COLORMAP, "\0\1", cells.data(), 2));
  images.add(flat_jpeg(9, 9, {77}));
  images.add(flat_jpeg(17, 9, {1, 99, 200}));
  images.add(flat_jpeg(9, 9, {1, 99, 200}, true));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: fuzz_seeds DIRECTORY\n", stderr);
    return 2;
  }
  model_seeds(arguments[1]);
  text_seeds(arguments[1]);
  configuration_seeds(arguments[1]);
  result_seeds(arguments[1]);
  text_form_seeds(arguments[1]);
  array_seeds(arguments[1]);
  picture_seeds(arguments[1]);
  return 0;
}
