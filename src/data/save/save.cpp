#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fallline/data/arrange.hpp>
#include <fallline/data/save.hpp>
#include <fallline/error.hpp>
#include <fallline/nearest_name.hpp>

#include "data/save/place.hpp"
#include "data/save/writer.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;
using data::OutputFile;
using data::SavedParts;
using data::Writer;

constexpr std::array writers{&data::cifar_writer, &data::idx_writer, &data::npz_writer,
                             &data::csv_writer, &data::libsvm_writer};

const Writer& writer_of(std::string_view format) {
  const auto found = std::ranges::find_if(
      writers, [format](const Writer* writer) { return writer->name == format; });
  if (found != writers.end()) return **found;
  std::vector<std::string_view> names(writers.size());
  std::ranges::transform(writers, names.begin(), &Writer::name);
  throw usage_error(
      fmt::format("there is no format '{}' to write", format),
      did_you_mean(format, names) + fmt::format("choose one of {}", fmt::join(names, ", ")));
}

SavedParts agreeing(const Dataset& train, const Dataset* test) {
  if (train.empty()) throw usage_error("there are no examples to write");
  SavedParts parts{.train = train};
  if (test == nullptr || test->empty()) return parts;
  parts.test = arrange(*test, train.schema()).data.with_classes(train.class_names());
  return parts;
}

}  // namespace

void save(const Dataset& train, const Dataset* test, const fs::path& path, std::string_view format,
          const SaveOptions& options) {
  const SavedParts parts = agreeing(train, test);
  const std::vector<OutputFile> files = writer_of(format).plan(parts, path);
  try {
    data::refuse_what_exists(files, path, options.overwrite);
    data::write_set(files, path);
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::output, {.file = path.string()}, error.code().message(),
                "choose another place to write to");
  }
}

std::vector<FormatInfo> save_formats() {
  std::vector<FormatInfo> formats;
  formats.reserve(writers.size());
  for (const Writer* writer : writers) formats.push_back({writer->name, writer->description});
  return formats;
}

}  // namespace fallline
