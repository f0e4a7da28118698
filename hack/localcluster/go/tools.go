//go:build tools

// Package localcluster pins the programs of the local cluster; nothing here is compiled into them.
package localcluster

import (
	_ "helm.sh/helm/v4/cmd/helm"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
