//! The images of workloads, and what listens in them. What counts is the name under which an image is built; else names that
//! begin alike and end with the folders of images that are built here.

use std::collections::{BTreeMap, HashMap};
use std::ptr;

use policy_docker::image::{Reference, is_official};
use policy_text::source::Sources;

use crate::files::Parsed;
use crate::image_match::{called, only};
use crate::model::built_image::BuiltImage;
use crate::model::image_link::BuiltImageId;
use crate::model::workload::Workload;
use crate::read::workload::{self, Pod};
use crate::server::{Given, server_of};

/// The workloads of the manifests.
pub(super) fn workloads(parsed: &Parsed, built: &[BuiltImage], sources: &Sources<'_>) -> Vec<Workload> {
    let pods = workload::read(parsed, sources);
    let of_folders = by_folder(&pods, built, sources);
    let linked = pods.into_iter().map(|pod| {
        let image = called(&pod.image, built).or_else(|| of_folders.get(&pod.image.to_string()).copied());
        let Pod { container, at, start, mounts, reached, probes, .. } = pod;
        let id = image.and_then(|image| built.iter().position(|own| ptr::eq(own, image))).map(BuiltImageId);
        let mut workload = Workload {
            container,
            at,
            start,
            mounts,
            reached,
            probes,
            program: None,
            image: id,
            server: None,
        };
        if let Some(image) = image.filter(|image| !workload.hides(&image.stage.layout.work_folder)) {
            workload.server = server_of(image, Given::by(&workload.start), sources);
        }
        workload
    });
    linked.collect()
}

/// By the names that pods run: the images of the folders that the names end with, where at least two names begin alike and
/// end with different folders.
fn by_folder<'d>(
    pods: &[Pod],
    built: &'d [BuiltImage],
    sources: &Sources<'_>,
) -> HashMap<String, &'d BuiltImage> {
    let mut folders: HashMap<String, Vec<&BuiltImage>> = HashMap::new();
    for image in built {
        let own = sources.folder_of(image.dockerfile.file());
        let folder = own.file_name();
        // Whoever runs `team/redis` may not run what is built in a folder `redis`.
        if !folder.is_empty() && !is_official(folder) {
            folders.entry(folder.to_owned()).or_default().push(image);
        }
    }
    // By what comes before the folder.
    let mut alike: BTreeMap<String, Vec<(String, &BuiltImage)>> = BTreeMap::new();
    for pod in pods {
        let Some(name) = Reference::parse(&pod.image).and_then(|own| Some(own.name.known()?.into_owned()))
        else {
            continue;
        };
        for (before, folder) in ends(&name) {
            if let Some(image) = folders.get(folder).and_then(|images| only(images.clone())) {
                alike.entry(before.to_owned()).or_default().push((pod.image.to_string(), image));
            }
        }
    }
    let mut meant = HashMap::new();
    for images in alike.into_values() {
        let several =
            |first: &BuiltImage| images.iter().any(|(_, other)| other.dockerfile != first.dockerfile);
        if images.first().is_some_and(|(_, first)| several(first)) {
            for (name, image) in images {
                // The longest folder comes first.
                meant.entry(name).or_insert(image);
            }
        }
    }
    meant
}

/// The ways to take a name apart into what comes first and its last words: `team/shop-` and `web` of `team/shop-web`.
fn ends(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let after = name.rfind('/').map_or(0, |slash| slash + 1);
    let starts = name.char_indices().filter(|(_, c)| matches!(c, '/' | '-' | '_' | '.'));
    starts.map(|(at, _)| at + 1).filter(move |at| *at >= after && after > 0).map(|at| name.split_at(at))
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::link::link_plainly;
    use crate::model::workload::ReachedBy;

    const NGINX: (&str, &str) = ("web/Dockerfile", "FROM nginx:1.27\n");
    const SHOP: (&str, &str) = ("api/Dockerfile", "FROM python:3.12\nCMD uvicorn app:api --host 0.0.0.0\n");

    fn deployment(name: &str, image: &str, more: &str) -> String {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  template:\n    metadata: {{labels: {{app: {name}, tier: x}}}}\n    spec:\n      containers:\n        - name: {name}\n          image: {image}\n          ports: [{{name: http, containerPort: 3000}}]\n{more}---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}-service}}\nspec:\n  selector: {{app: {name}}}\n  ports:\n    - {{port: 80, targetPort: http}}\n    - {{port: 81, protocol: UDP}}\n"
        )
    }

    /// For each workload: its container, the Dockerfile of its image, and what reaches it.
    fn linked(files: &[(&str, &str)]) -> Vec<String> {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let deployment = link_plainly(&sources);
        let shown = deployment.workloads.iter().map(|workload| {
            let image = workload.image.and_then(|id| deployment.built_image(id));
            let dockerfile = image.map_or("-", |image| sources.path(image.dockerfile.file()).as_str());
            let reached = workload.reached.iter().map(|reached| match &reached.by {
                ReachedBy::Service(name) => format!("{name}:{}", reached.port),
                ReachedBy::Probe(probe) => format!("{probe}:{}", reached.port),
            });
            let reached: Vec<String> = reached.collect();
            format!("{} {dockerfile} {}", workload.container, reached.join(" "))
        });
        shown.collect()
    }

    #[test]
    fn an_image_is_that_which_is_built_under_the_name() {
        let web = deployment("web", "r.io/shop/web:1", "");
        let push = "docker build -t r.io/shop/web:1 web\ndocker push r.io/shop/web:1\n";
        assert_eq!(
            linked(&[NGINX, ("k8s/web.yaml", &web), ("push.sh", push)]),
            ["web web/Dockerfile web-service:3000"]
        );
        let elsewhere = "docker build -t r.io/else/web:1 web\n";
        assert_eq!(
            linked(&[NGINX, ("k8s/web.yaml", &web), ("push.sh", elsewhere)]),
            ["web - web-service:3000"]
        );
        let by_owner = "docker build -t $OWNER/shop-website:1 web\n";
        let website = deployment("web", "shop/shop-website:2", "");
        assert_eq!(
            linked(&[NGINX, ("k8s/web.yaml", &website), ("push.sh", by_owner)]),
            ["web web/Dockerfile web-service:3000"]
        );
    }

    #[test]
    fn names_that_begin_alike_end_with_their_folders() {
        let web = deployment("web", "team/shop-web:1", "");
        let api = deployment("api", "team/shop-api:1", "");
        let both = [NGINX, SHOP, ("k8s/web.yaml", web.as_str()), ("k8s/api.yaml", api.as_str())];
        let expected = ["api api/Dockerfile api-service:3000", "web web/Dockerfile web-service:3000"];
        assert_eq!(linked(&both), expected);
        // One alone may be anybody's.
        assert_eq!(linked(&both[..3]), ["web - web-service:3000"]);
        let other = deployment("api", "other/shop-api:1", "");
        assert_eq!(
            linked(&[NGINX, SHOP, both[2], ("k8s/api.yaml", &other)]),
            ["api - api-service:3000", "web - web-service:3000"]
        );
    }

    #[test]
    fn pods_that_may_be_otherwise_are_left_out() {
        let web = deployment("web", "team/web:1", "");
        let second = deployment("web", "team/web:1", "        - {name: side, image: 'side:1'}\n");
        assert!(linked(&[("k8s/web.yaml", &second)]).is_empty());
        assert!(linked(&[("a/web.yaml", &web), ("b/web.yaml", &web)]).is_empty());
        let patched = "resources: [web.yaml]\npatches: [{path: ports.yaml}]\n";
        assert!(linked(&[("k8s/web.yaml", &web), ("k8s/kustomization.yaml", patched)]).is_empty());
        let plain = "resources: [web.yaml]\n";
        assert_eq!(linked(&[("k8s/web.yaml", &web), ("k8s/kustomization.yaml", plain)]).len(), 1);
        let probed = "          livenessProbe: {tcpSocket: {port: 5000}}\n";
        assert_eq!(
            linked(&[("k8s/web.yaml", &deployment("web", "team/web:1", probed))]),
            ["web - web-service:3000 livenessProbe:5000"]
        );
    }
}
