#pragma once

#include <fallline/data/picture.hpp>
#include <fallline/model/classifier.hpp>
#include <vector>

namespace fallline {

/// The learned weights as one picture a class: what the class's score looks for. Of a network, one
/// for each of the first 60 units that read the pictures.
///
///     pixel = 127.5 + 127.5 · w_cd s_d / max_d |w_cd s_d|
///
/// Middle grey is weight 0, brighter raises the class's score, darker lowers it. Empty where the
/// examples are no pictures of one or three channels.
[[nodiscard]] std::vector<Picture> weight_templates(const Classifier& model);

}  // namespace fallline
