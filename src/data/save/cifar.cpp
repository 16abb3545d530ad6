#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>

#include "data/save/writer.hpp"

namespace fallline::data {
namespace {

constexpr std::size_t records_a_batch = 10000;
constexpr std::size_t most_classes = 256;

/// A record: the class in a byte, then 1024 red, green and blue bytes each.
void write_records(const Dataset& data, std::size_t first, std::size_t end, AtomicFile& file) {
  std::vector<std::byte> pixels;
  for (std::size_t i = first; i < end; ++i) {
    const auto label = static_cast<std::byte>(data.labels()[i]);
    copy_pixels(data, i, false, pixels);
    file.write({&label, 1});
    file.write(pixels);
  }
}

void check(const Dataset& data) {
  const auto& shape = data.shape();
  if (data.cells() != CellType::u8 || !shape || shape->channels != 3 || shape->height != 32 ||
      shape->width != 32)
    throw usage_error(
        "CIFAR-10 holds pictures of 32x32 bytes in three colours, and this is another set",
        "write idx or npz");
  if (data.labels().empty())
    throw usage_error("CIFAR-10 holds a class for each picture, and there are none");
  if (data.classes() > most_classes)
    throw usage_error(fmt::format("{} classes do not fit in CIFAR-10's byte", data.classes()),
                      "write idx or npz");
}

std::vector<OutputFile> plan_cifar(const SavedParts& parts, const std::filesystem::path& path) {
  check(parts.train);
  if (parts.test) check(*parts.test);
  const auto records = [](const Dataset& data, std::size_t first, std::size_t end) {
    return [data, first, end](AtomicFile& file) { write_records(data, first, end, file); };
  };
  std::vector<OutputFile> files;
  for (std::size_t first = 0; first < parts.train.size(); first += records_a_batch) {
    const std::size_t end = std::min(first + records_a_batch, parts.train.size());
    files.push_back({path / fmt::format("data_batch_{}.bin", files.size() + 1),
                     records(parts.train, first, end)});
  }
  if (parts.test)
    files.push_back({path / "test_batch.bin", records(*parts.test, 0, parts.test->size())});
  files.push_back(names_file(path / "batches.meta.txt", parts.train.class_names()));
  return files;
}

}  // namespace

const Writer cifar_writer{.name = "cifar10",
                          .description = "CIFAR-10 binary: 3x32x32 bytes a picture",
                          .plan = plan_cifar};

}  // namespace fallline::data
